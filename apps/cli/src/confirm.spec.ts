import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirm } from './confirm.js';

/** A terminal at which somebody types. */
function terminal(typed: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  input.write(`${typed}\n`);
  return { input, output };
}

const deed = 'evict what waits for worker w1';

describe('confirm', () => {
  it.each(['y', 'YES'])('goes on at a terminal where %s is typed', async (typed) => {
    const at = terminal(typed);
    await confirm(deed, {}, at);
    expect(String(at.output.read())).toContain('evict what waits for worker w1? [y/N]');
  });

  it.each(['', 'n', 'yeah'])('does nothing where %j is typed', async (typed) => {
    await expect(confirm(deed, {}, terminal(typed))).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('refuses where there is no terminal, naming the flag, and asks nobody with it', async () => {
    await expect(confirm(deed, {}, terminal('y', false))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: [{ field: '--yes' }],
    });
    await confirm(deed, { yes: true }, terminal('n', false));
  });
});
