import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TypedPool } from '../support/e2e/apps.js';
import { commands } from '../support/e2e/commands.js';

const start = commands();
const folder = mkdtempSync(join(tmpdir(), 'shunt-e2e-'));
afterAll(() => rmSync(folder, { recursive: true }));

function handlers(name: string, text: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
}

describe('npm run worker', () => {
  it('exits with 78 and names every bad setting, and what was meant', async () => {
    const env = { SHUNT_SLOTS: '0', SHUNT_POOOL: 'x', SHUNT_HEARTBEAT: 'soon' };
    const worker = start(['npm', 'run', 'worker'], { env });
    expect(await worker.ended()).toBe(78);
    expect(worker.output).toContain('SHUNT_SLOTS must be a whole number from 1 to 10000');
    expect(worker.output).toContain('SHUNT_POOOL is not a known setting: did you mean SHUNT_POOL?');
    expect(worker.output).toContain('SHUNT_HEARTBEAT must be ');
    expect(worker.output).not.toContain('soon');
  });

  it.each([
    ['is not there', join(folder, 'none.mjs'), 'names a module that is not there: '],
    ['throws', handlers('throws', 'throw new Error("no key");'), 'could not be loaded: Error: no key'],
    ['is no JavaScript', handlers('typo', 'export default {'), 'could not be loaded: SyntaxError: '],
    ['imports what is not there', handlers('imports', 'import "nothing-such";'), 'could not be loaded: '],
    ['has no default export', handlers('named', 'export const echo = 1;'), 'must have a default export'],
    ['has no handlers', handlers('empty', 'export default {};'), 'must have at least one handler'],
    ['has one that is no function', handlers('text', 'export default { a: "b" };'), 'must map "a" to a function'],
  ])('exits with 78 when its handlers module %s', async (_, file, message) => {
    const worker = start(['npm', 'run', 'worker'], { env: { SHUNT_HANDLERS: file } });
    expect(await worker.ended()).toBe(78);
    expect(worker.output).toContain(`Invalid settings:\n  SHUNT_HANDLERS ${message}`);
    expect(worker.output).not.toMatch(/^ +at /m);
  });

  it.each([
    ['exits', 'export default { fall: () => process.exit(0) };', 'a handler called process.exit: worker ends'],
    [
      'leaves a rejection unhandled',
      'export default { fall: () => { Promise.reject(new Error("left")); return new Promise(() => {}); } };',
      'unhandled rejection in a handler: worker ends',
    ],
    [
      'throws in a callback',
      'export default { fall: () => new Promise(() => setImmediate(() => { throw new Error("late"); })) };',
      'uncaught exception in a handler: worker ends',
    ],
  ])('exits with 70 and says why when a handler %s', async (title, text, message) => {
    const pool = new TypedPool(start);
    pool.test.dispatcher();
    const worker = pool.worker({ SHUNT_HANDLERS: handlers(title.replaceAll(' ', '-'), text) });
    await pool.test.queue().add('fall', { agentId: 'a' });
    expect(await worker.ended()).toBe(70);
    expect(worker.output).toContain(message);
  });
});

describe('npm run dispatcher', () => {
  it('exits with 78 where it would serve its API to others without keys', async () => {
    const dispatcher = start(['npm', 'run', 'dispatcher'], {
      env: { SHUNT_HTTP_HOST: '0.0.0.0', SHUNT_HTTP_PORT: '0' },
    });
    expect(await dispatcher.ended()).toBe(78);
    expect(dispatcher.output).toContain('SHUNT_API_KEYS must be set where SHUNT_HTTP_HOST is not a loopback address');
    expect(dispatcher.output).not.toContain('dispatcher started');
  });
});
