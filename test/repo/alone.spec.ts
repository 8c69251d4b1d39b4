import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptFolder } from './script-folder.js';

/** Writes that it came in, gives others a chance to, and writes that it left. */
const step = `
import { appendFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { alone } from './scripts/alone.mjs';
await alone('locks/a', async () => {
  appendFileSync('log', 'in ' + process.pid + '\\n');
  await pause(20);
  appendFileSync('log', 'out ' + process.pid + '\\n');
}, (pid) => console.log('waiting for ' + pid));
`;
/** Takes the lock and keeps it until it is killed. */
const keeper = `
import { appendFileSync } from 'node:fs';
import { alone } from './scripts/alone.mjs';
setInterval(() => undefined, 1000);
await alone('locks/a', () => { appendFileSync('kept', 'yes\\n'); return new Promise(() => undefined); });
`;

describe('alone', () => {
  let folder: ScriptFolder;
  const runSteps = (count: number) => Promise.all(Array.from({ length: count }, () => folder.run('step.mjs')));
  const left = () => readdirSync(join(folder.path, 'locks'));
  /** Process ids in the order in which they held the lock; each must leave before the next one enters. */
  const holders = () => {
    const log = folder.read('log').trimEnd().split('\n');
    const turns = log.filter((_, n) => n % 2 === 0).map((line) => line.replace('in ', ''));
    expect(log).toEqual(turns.flatMap((pid) => [`in ${pid}`, `out ${pid}`]));
    return turns;
  };

  beforeEach(() => {
    folder = new ScriptFolder();
    folder.plant('step.mjs', step);
    folder.plant('keeper.mjs', keeper);
  });
  afterEach(() => folder.remove());

  it('lets copies that start at once in one by one', async () => {
    const ended = await runSteps(4);

    expect(ended.map(({ code }) => code)).toEqual(Array(4).fill(0));
    expect(holders()).toHaveLength(4);
    expect(left()).toEqual([]);
  });

  it('waits for a living owner and says for whom, then takes over when it is killed', async () => {
    const owner = folder.start('keeper.mjs');
    await folder.lines('kept', 1);
    const waiting = folder.start('step.mjs');
    await vi.waitUntil(() => waiting.output() !== '', { timeout: 50_000 });
    expect(folder.read('log')).toBe('');
    owner.child.kill('SIGKILL');

    expect(await waiting.ended).toEqual({ code: 0, output: `waiting for ${owner.child.pid}\n` });
    expect(left()).toEqual([]);
  });

  it.each([
    ['of a process that has ended', '1999999999 boot:1'],
    ['whose process id another process has now', `${process.pid} boot:1`],
    ['without a readable owner', ''],
  ])('gives a lock %s to one of many at a time', async (_, owner) => {
    folder.plant('locks/a/owner', owner);

    await runSteps(4);

    expect(holders()).toHaveLength(4);
    expect(left()).toEqual([]);
  });

  it('takes a lock over although one that meant to clear it died', async () => {
    folder.plant('locks/a/owner', '1999999999 boot:1');
    folder.plant('locks/a.clearing/owner', '1999999999 boot:1');

    await runSteps(3);

    expect(holders()).toHaveLength(3);
    expect(left()).toEqual([]);
  });
});
