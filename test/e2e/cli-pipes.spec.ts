import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import type { TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

const start = commands();
const shunt = ['node', 'dist/apps/cli/src/main.js'];
const on = ({ url, pool }: TestPool) => ({ env: { SHUNT_REDIS_URL: url, SHUNT_POOL: pool } });
/** A line of a shell whose command tells its exit code, as that of a pipe is that of its last one. */
const piped = (words: string, reader: string) => [
  'sh',
  '-c',
  `{ ${shunt.join(' ')} ${words}; echo "exit $?" >&2; } | ${reader}`,
];

/** More than a pipe holds, 64 KiB, once they are listed. */
const manyTasks = 1000;

describe('a command whose reader goes', () => {
  it('ends quietly with 0: tasks ls | head', async ({ pool }) => {
    const items = Array.from({ length: manyTasks }, (_, n) => ({
      task: 'echo',
      input: n,
      options: { id: `task-${n}` },
    }));
    await pool.client().enqueueMany(items);
    const listing = start(piped(`tasks ls --limit ${manyTasks} -o jsonl`, 'head -n 1'), on(pool));
    expect(await listing.ended()).toBe(0);
    const lines = listing.output.trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines).toContain('exit 0');
  });

  it('ends quietly with 0 although it would go on: events --follow | head', async ({ pool }) => {
    const client = pool.client();
    const following = start(piped('events --follow -o jsonl', 'head -n 1'), on(pool));
    let isOver = false;
    void following.exited.then(() => {
      isOver = true;
    });
    for (let n = 0; !isOver; n++) await (n % 2 ? client.agents.resume('a') : client.agents.pause('a'));
    expect(await following.ended()).toBe(0);
    expect(following.output).toMatch(/"event"/);
    expect(following.output).toMatch(/^exit 0$/m);
    expect(following.output).not.toMatch(/EPIPE|error/i);
  });
});

it('shunt enqueue --follow goes on in silence when its reader goes, and exits as its task ended', async ({ pool }) => {
  pool.dispatcher();
  const running: (() => void)[] = [];
  pool.worker(() => new Promise<void>((resolve) => void running.push(resolve)));
  const following = start(piped('enqueue echo --follow -o jsonl', 'head -n 1'), on(pool));
  await following.said(/"type"/);
  await until(() => !following.family.members().some(({ command }) => command.startsWith('head')));
  await until(() => running.length === 1);
  running[0]?.();
  expect(await following.ended()).toBe(0);
  expect(following.output).toMatch(/^exit 0$/m);
  expect(following.output).not.toMatch(/EPIPE|error/i);
});

describe('shunt events --follow', () => {
  it('tells what happens, entry by entry, until Ctrl C', async ({ pool }) => {
    const { agents } = pool.client();
    await agents.pause('before');
    const following = start([...shunt, 'events', '--follow', '-o', 'json'], on(pool));
    // It tells from some moment on: something happens again and again until that has come.
    for (let n = 0; !/"agent":"a"/.test(following.output); n++) await (n % 2 ? agents.resume('a') : agents.pause('a'));
    await agents.pause('b', { by: 'anna' });
    await following.said(/"agent":"b".*\n/);
    following.interrupt();
    expect(await following.ended()).toBe(0);
    const told = following.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toContainEqual(expect.objectContaining({ agent: 'b', by: 'anna', at: expect.any(String) }));
    expect(told.map(({ agent }) => agent)).not.toContain('before');
  });
});

describe('shunt enqueue -i', () => {
  const returning = (pool: TestPool) => {
    pool.dispatcher();
    pool.worker(async ({ data }) => data);
  };

  it('reads the input from a file', async ({ pool }) => {
    const folder = mkdtempSync(join(tmpdir(), 'shunt-input-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'input.json');
    writeFileSync(file, '{ "text": "from a file" }\n');
    returning(pool);
    const enqueuing = start([...shunt, 'enqueue', 'echo', '-i', `@${file}`, '--wait'], on(pool));
    expect([await enqueuing.ended(), enqueuing.output]).toEqual([
      0,
      expect.stringMatching(/^{"text":"from a file"}$/m),
    ]);
  });

  it('reads the input from stdin', async ({ pool }) => {
    returning(pool);
    const line = `echo '{ "text": "from stdin" }' | ${shunt.join(' ')} enqueue echo -i - --wait`;
    const enqueuing = start(['sh', '-c', line], on(pool));
    expect([await enqueuing.ended(), enqueuing.output]).toEqual([0, expect.stringMatching(/^{"text":"from stdin"}$/m)]);
  });
});
