import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Handler } from '@shunt/sdk';
import type { Command } from 'commander';
import { describe, expect } from 'vitest';
import { shuntProgram } from '../../../apps/cli/src/program.js';
import { runShunt } from '../../support/cli/run-shunt.js';
import { until } from '../../support/pool-test.js';
import { it, type SdkPool } from '../sdk/sdk-pool.js';

const folder = mkdtempSync(join(tmpdir(), 'shunt-cli-'));
const trace = join(folder, 'trace.csv.gz');
const config = join(folder, 'pool.yaml');

/** Every command that prints JSON, as it is typed, and what it says of a pool with a worker w1 and some tasks. In the order they run. */
const table: readonly (readonly [words: string, said: unknown, code?: number])[] = [
  ['workers ls', [{ id: 'w1', isRoutable: true }]],
  ['workers get w1', { id: 'w1', slots: 4 }],
  ['enqueue echo -i {"n":1} --agent a --id one --wait', { id: 'a~one', outcome: 'completed', value: { n: 1 } }],
  ['enqueue bad --agent a --id two --wait', { id: 'a~two', outcome: 'failed', reason: 'no' }, 1],
  ['enqueue echo --agent a --id one -i {"n":1}', { id: 'a~one', deduplicated: true }],
  ['tasks ls --agent a --state failed', { tasks: [{ id: 'a~two', state: 'failed' }], cursor: null }],
  ['tasks get a~one', { id: 'a~one', agentId: 'a', state: 'completed', attemptsMade: 1 }],
  ['tasks explain a~two', { state: 'failed', why: 'It has failed: no.', advice: expect.any(String) }],
  ['tasks cancel a~one --dry-run', { id: 'a~one', outcome: 'finished' }],
  ['tasks cancel a~one --yes --by anna', { id: 'a~one', outcome: 'finished' }],
  ['tasks retry a~two --dry-run', { outcome: 'retried', would: expect.stringContaining('run again') }],
  ['tasks retry a~one --dry-run', { outcome: 'not-failed', would: expect.stringContaining('nothing') }, 1],
  ['tasks retry a~two --by anna --reason mended', { id: 'a~two', outcome: 'retried' }],
  ['tasks retry a~one', { id: 'a~one', outcome: 'not-failed' }, 1],
  // Its first page may be empty, as it looks at a part of a database that all suites share.
  ['agents ls', { agents: expect.any(Array) }],
  ['agents get a', { id: 'a', home: 'w1' }],
  ['agents pin a w1 --dry-run', { id: 'a', pin: null, would: expect.stringContaining('w1 and no other') }],
  ['agents pin a w1', { id: 'a', pin: { worker: 'w1', kind: 'strict' } }],
  ['agents unpin a --dry-run', { pin: { worker: 'w1' }, would: expect.stringContaining('anywhere again') }],
  ['agents unpin a', { id: 'a', pin: null }],
  ['agents move a w1 --dry-run', { pin: null, would: expect.stringContaining('w1, and may move on') }],
  ['agents move a w1', { id: 'a' }],
  ['agents pause a --by anna', { id: 'a', paused: { by: 'anna', sinceMs: expect.any(Number) } }],
  ['agents resume a', { id: 'a', paused: null }],
  ['agents release a --dry-run', { home: 'w1', would: expect.stringContaining('close its state') }],
  ['agents release a', { id: 'a', home: null }],
  ['pools get', { tasks: { intake: 0 }, configVersion: 0, scale: { workers: 1 } }],
  ['pools set alerts.lateAfter=2m', { version: 1, config: { alerts: { lateAfter: 120_000 } } }],
  ['pools scale --to 3 --dry-run', { wished: 3, workers: 1, would: expect.stringContaining('2 would be started') }],
  ['pools scale', { wished: null, workers: 1 }],
  ['pools scale --to 3', { wished: 3, target: 3, workers: 1, hasScaler: false }],
  ['config show', { version: 1, others: expect.any(Array) }],
  ['config set sessionTtl=20m --dry-run', { version: 2, changes: [{ key: 'sessionTtl', to: 1_200_000 }] }],
  ['pools set sessionTtl=25m --dry-run', { version: 2, config: { sessionTtl: 1_500_000 } }],
  ['config set sessionTtl=20m', { version: 2, changes: [{ key: 'sessionTtl', to: 1_200_000 }] }],
  [`config check ${config}`, { file: config, config: { sessionTtl: 1_800_000 } }],
  [`config apply ${config} --dry-run`, { version: 3, changes: [{ key: 'alerts.lateAfter' }, { key: 'sessionTtl' }] }],
  [`config apply ${config} --yes`, { version: 3, config: { sessionTtl: 1_800_000 } }],
  ['schedules upsert daily echo --every 1h', [{ id: 'daily', task: 'echo' }]],
  ['schedules ls', [{ id: 'daily' }]],
  ['schedules rm daily --yes', { id: 'daily', isGone: true }],
  ['events --limit 500', expect.arrayContaining([expect.objectContaining({ event: 'joined', worker: 'w1' })])],
  ['alerts', []],
  ['top', { stats: { workers: [{ id: 'w1' }] }, scale: { workers: 1 }, alerts: [] }],
  [`replay ${trace} --speed 1000 --cost 100`, { total: 3, done: 3, failed: 0, refused: 0 }],
  ['doctor', expect.arrayContaining([expect.objectContaining({ check: 'stuck agents', verdict: 'good' })]), 1],
  ['workers drain w1 --dry-run', { id: 'w1', others: 0, moved: 0 }],
  ['workers drain w1 --wait', { id: 'w1', moved: 0 }],
  ['workers undrain w1', { id: 'w1', isDrained: false, wasDrained: true }],
  ['workers undrain w1', { id: 'w1', wasDrained: false }],
  ['workers evict w1 --dry-run', { id: 'w1', waiting: 0, staying: 0, others: 0, moved: 0 }],
  ['workers evict w1 --yes', { id: 'w1', moved: 0 }],
  ['workers breaker w1 open --dry-run', { order: 'open', would: expect.stringContaining('get nothing') }],
  ['workers breaker w1 auto', { id: 'w1', order: 'auto' }],
];

/** `config watch` goes on until Ctrl C, pools of other tests come and go, `bench` starts processes: they have specs of their own. */
const elsewhere = ['pools ls', 'config watch', 'bench'];

function leavesOf(command: Command, path: string): { path: string; command: Command }[] {
  const own = `${path} ${command.name()}`.trim();
  if (command.commands.length === 0) return [{ path: own, command }];
  return command.commands.flatMap((sub) => leavesOf(sub, own));
}

async function live(pool: SdkPool) {
  const echo = (input: unknown) => input;
  const bad = () => {
    throw new Error('no');
  };
  const stream: Handler = async (_, { emit }) => {
    for (const value of [{ delta: 'x' }, null]) await emit(value);
  };
  pool.serve({ echo, bad, stream, sleep: echo }, { id: 'w1', slots: 4 });
  await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 1);
}

describe('every command that prints', () => {
  it('is in the table', async () => {
    const program = await shuntProgram();
    const printing = program.commands
      .flatMap((command) => leavesOf(command, ''))
      .filter(({ command }) => command.options.some(({ long }) => long === '--output'))
      .map(({ path }) => path);
    const tried = printing.filter((path) => table.some(([words]) => words === path || words.startsWith(`${path} `)));
    expect(printing.filter((path) => !tried.includes(path))).toEqual(elsewhere);
    expect(tried.length).toBeGreaterThan(25);
  });

  it('does so as JSON, with its exit code', async ({ pool }) => {
    writeFileSync(config, 'sessionTtl: 30m\n');
    writeFileSync(trace, gzipSync('t_ms,agent,cost_ms,kind\n0,x,1,new\n5,y,1,new\n9,x,1,new\n'));
    await live(pool);
    for (const [words, said, code = 0] of table) {
      const end = await runShunt(pool, ...words.split(' '), '-o', 'json');
      const told: unknown = JSON.parse(end.output);
      expect(end.output).toBe(JSON.stringify(told, null, 2));
      expect([words, told]).toMatchObject([words, said]);
      expect([words, end.code]).toEqual([words, words === 'doctor' ? end.code : code]);
    }
    rmSync(folder, { recursive: true });
  });

  it('does so for people and line by line as well', async ({ pool }) => {
    await live(pool);
    for (const words of [
      'workers ls',
      'tasks ls',
      'agents ls',
      'pools get',
      'alerts --all',
      'events',
      'top',
      'doctor',
    ]) {
      const people = await runShunt(pool, ...words.split(' '));
      expect([words, people.output]).toEqual([words, expect.stringMatching(/\S/)]);
      expect(() => JSON.parse(people.output)).toThrow();
      const lines = (await runShunt(pool, ...words.split(' '), '-o', 'jsonl')).output.split('\n').filter(Boolean);
      for (const line of lines) expect(typeof JSON.parse(line)).toBe('object');
    }
    const { output } = await runShunt(pool, 'pools', 'ls');
    expect(output.split('\n')).toContain(pool.pool);
  });

  it('tells no speed where top looks once, rather than none', async ({ pool }) => {
    await live(pool);
    const { output } = await runShunt(pool, 'top', '--once');
    expect(stripVTControlCharacters(output)).toMatch(/ w1 +\d+ .*\d\/\d+ +\d+ +- +\d/);
  });

  it('tells no field of an event that is empty', async ({ pool }) => {
    await live(pool);
    await runShunt(pool, 'enqueue', 'echo', '--agent', 'c', '--wait');
    const { output } = await runShunt(pool, 'events', '--agent', 'c');
    expect(output).toMatch(/ placed .*agent=c/);
    expect(output).not.toMatch(/=(?: |$)/m);
  });

  it('follows a task to its end', async ({ pool }) => {
    await live(pool);
    const words = ['enqueue', 'echo', '-i', '{}', '--agent', 'b', '--follow', '-o', 'jsonl'];
    const { code, output } = await runShunt(pool, ...words);
    const types = output.split('\n').map((line) => (JSON.parse(line) as { type: string }).type);
    expect([code, types.at(-1)]).toEqual([0, 'completed']);
    expect((await runShunt(pool, 'enqueue', 'bad', '--follow')).code).toBe(1);
    const people = await runShunt(pool, 'enqueue', 'stream', '--follow');
    expect(people.output.split('\n')).toEqual(expect.arrayContaining(['data {"delta":"x"}', 'data null']));
    const told = (await runShunt(pool, 'enqueue', 'stream', '--follow', '-o', 'jsonl')).output.split('\n');
    expect(told.map((line) => JSON.parse(line).value).filter(Boolean)).toEqual([{ delta: 'x' }]);
  });

  it('says what it cannot read', async ({ pool }) => {
    for (const [words, message] of [
      [['enqueue', 'echo', '-i', '{'], '--input must be JSON'],
      [['enqueue', 'echo', '-i', '@/nowhere'], '--input names a file that cannot be read'],
      [['tasks', 'ls', '--state', 'mailbox'], '--state mailbox needs --agent <id>'],
      [['tasks', 'get', 'a~nothing'], 'there is no task a~nothing'],
      [['tasks', 'explain', 'a~nothing'], 'there is no task a~nothing'],
      [['tasks', 'cancel', 'a~nothing', '--yes'], 'there is no task a~nothing'],
      [['tasks', 'cancel', 'a~nothing', '--dry-run'], 'there is no task a~nothing'],
      [['tasks', 'retry', 'a~nothing'], 'there is no task a~nothing'],
      [['tasks', 'retry', 'a~nothing', '--dry-run'], 'there is no task a~nothing'],
      [['replay', '/nowhere'], 'trace must be a trace'],
      [['workers', 'get', 'w9'], 'There is no such worker'],
    ] as const)
      await expect(runShunt(pool, ...words)).rejects.toThrow(message);
  });
});
