import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strategy } from '@shunt/balancing';
import { afterAll, describe, expect, it } from 'vitest';
import { assertStrategies, loadStrategies } from './load-strategies.js';

const folder = mkdtempSync(join(tmpdir(), 'strategies-'));
afterAll(() => rmSync(folder, { recursive: true }));

function module(name: string, text: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
}

const one = '{ name: "mine", initial: () => new Map(), pick: (task, free) => free[0] }';
const form = 'must have a default export that lists strategies';

describe('a module of strategies', () => {
  it('lists them in its default export', async () => {
    expect(await loadStrategies(module('mine', `export default [${one}];`))).toMatchObject([{ name: 'mine' }]);
    expect(await loadStrategies(undefined)).toEqual([]);
  });

  it.each([
    ['is not there', join(folder, 'none.mjs'), 'names a module that is not there'],
    ['throws', module('throws', 'throw new Error("no key");'), 'could not be loaded: Error: no key'],
    ['has no default export', module('named', `export const mine = ${one};`), form],
    ['lists none', module('empty', 'export default [];'), form],
    ['lists what is no strategy', module('text', 'export default ["random"];'), form],
    ['has one without a name', module('unnamed', `export default [{ ...${one}, name: "a b" }];`), form],
  ])('is refused when it %s', async (_, file, message) => {
    await expect(loadStrategies(file)).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      details: [{ field: 'SHUNT_STRATEGIES', message: expect.stringContaining(message) }],
    });
  });
});

describe('the name of a strategy', () => {
  it("is one of Shunt's or of one's own", () => {
    const own = [strategy('mine', (_task, [first]) => first as never)];
    assertStrategies({ SHUNT_STRATEGY: 'mine', SHUNT_SHADOW_STRATEGY: 'random', SHUNT_OTHER: undefined }, own);
    const named = () => assertStrategies({ SHUNT_STRATEGY: 'robin' }, own);
    expect(named).toThrow(/SHUNT_STRATEGY must be one of round-robin, .*, intelligent, mine$/);
  });
});
