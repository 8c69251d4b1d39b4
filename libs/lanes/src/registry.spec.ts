import { describe, expect } from 'vitest';
import { loadReport } from '../../../test/support/load-report.js';
import { type TestPool } from '../../../test/support/pool.js';
import { it } from '../../../test/support/pool-test.js';
import { stateOf } from './moves.js';
import { poolStats } from './pool/pool-stats.js';
import { runScript } from './redis/script-runner.js';
import { heartbeat, join, type LoadReport, leave, workersOf } from './registry.js';

const registration = { slots: 3, weight: 2, host: 'here', pid: 1 };
const first = { worker: 'w', incarnation: 'one' };
const second = { worker: 'w', incarnation: 'two' };

const joined = (pool: TestPool, who = first, replaces = '') =>
  join(pool.redis, pool.keys, who, registration, 10_000, { replaces });
const beat = async (pool: TestPool, who = first, counts: Partial<LoadReport> = {}, slots = 3) =>
  (await heartbeat(pool.redis, pool.keys, who, loadReport(who.incarnation, counts), 10_000, slots)).outcome;
const totals = (pool: TestPool) => pool.redis.hgetall(pool.keys.of('totals'));

describe('the registry of workers', () => {
  it('lists a worker that joined as routable, with its lease and no load yet', async ({ pool }) => {
    expect(await joined(pool)).toBeNull();
    const [worker, ...others] = await workersOf(pool.redis, pool.keys);
    expect(others).toEqual([]);
    expect(worker).toMatchObject({ id: 'w', ...registration, isRoutable: true, load: null });
    const [seconds] = await pool.redis.time();
    expect(worker?.leaseUntilMs).toBeGreaterThan(Number(seconds) * 1000);
  });

  it('lists workers by id, and none in a pool nobody joined', async ({ pool }) => {
    expect(await workersOf(pool.redis, pool.keys)).toEqual([]);
    for (const worker of ['b', 'a', 'c']) await joined(pool, { worker, incarnation: 'one' });
    expect((await workersOf(pool.redis, pool.keys)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });

  it('keeps the last heartbeat, and adds what was done since the one before to the totals', async ({ pool }) => {
    const waits = (counts: number[], sumMs: number) => ({ ...loadReport('').waits, strict: { counts, sumMs } });
    await joined(pool);
    expect(await beat(pool, first, { completed: 2, waits: waits([2, 0], 2) })).toBe('renewed');
    expect(await beat(pool, first, { completed: 5, failed: 1, waits: waits([2, 3], 9) })).toBe('renewed');
    const [worker] = await workersOf(pool.redis, pool.keys);
    expect(worker?.load).toMatchObject({ completed: 5, failed: 1 });
    const sums = { completed: '5', failed: '1', 'wait:strict:0': '2', 'wait:strict:1': '3', 'wait:strict:ms': '9' };
    expect(await totals(pool)).toEqual(sums);
  });

  it('adds nothing for a heartbeat that is sent again, and loses nothing of one that was lost', async ({ pool }) => {
    await joined(pool);
    for (const completed of [2, 2, 7]) await beat(pool, first, { completed });
    expect(await totals(pool)).toEqual({ completed: '7' });
  });

  it('counts a new life of a worker from zero', async ({ pool }) => {
    await joined(pool);
    await beat(pool, first, { completed: 4 });
    await joined(pool, second, first.incarnation);
    await beat(pool, second, { completed: 3 });
    expect(await totals(pool)).toEqual({ completed: '7' });
  });

  it('refuses the heartbeat of a life that was replaced, and of one that never joined', async ({ pool }) => {
    expect(await beat(pool)).toBe('unregistered');
    await joined(pool);
    await joined(pool, second, first.incarnation);
    expect(await beat(pool, first, { completed: 9 })).toBe('replaced');
    expect(await totals(pool)).toEqual({});
  });

  it('does not make a worker routable again that drains', async ({ pool }) => {
    await joined(pool);
    await pool.redis.hdel(pool.keys.of('routable'), 'w');
    await beat(pool, first, { isDraining: true }, 0);
    expect(await workersOf(pool.redis, pool.keys)).toMatchObject([{ isRoutable: false, load: { isDraining: true } }]);
    await beat(pool);
    expect(await workersOf(pool.redis, pool.keys)).toMatchObject([{ isRoutable: true }]);
  });

  it('forgets a worker that leaves, but not when an earlier life of it says so', async ({ pool }) => {
    await joined(pool);
    await joined(pool, second, first.incarnation);
    await leave(pool.redis, pool.keys, first);
    expect(await workersOf(pool.redis, pool.keys)).toHaveLength(1);
    await leave(pool.redis, pool.keys, second);
    expect(await workersOf(pool.redis, pool.keys)).toEqual([]);
    expect(await beat(pool, second)).toBe('unregistered');
  });

  it('gives on at once what is left in the slots of a worker that leaves, and counts no death', async ({ pool }) => {
    await joined(pool);
    const { id } = await pool.client().enqueue('t', 0, { agentId: 'a' });
    const args = [pool.keys.prefix, 'w', first.incarnation, 'token', Date.now(), 600_000, '', '1'];
    await runScript(pool.redis, 'pull', [pool.keys.lane('w', 'prioritized'), pool.keys.of('yard')], args);
    expect(await stateOf(pool.redis, pool.keys, id)).toEqual({ state: 'running', worker: 'w' });
    await leave(pool.redis, pool.keys, first);
    expect(await stateOf(pool.redis, pool.keys, id)).toEqual({ state: 'yard' });
    expect(await pool.redis.hget(pool.keys.of(id), 'stc')).toBeNull();
  });

  it('adds run times up by task name, and tells so many names apart', async ({ pool }) => {
    await join(pool.redis, pool.keys, first, registration, 60_000);
    const runs = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`task ${from + n}`, { counts: [1, 2], sumMs: 40 }]));
    await beat(pool, first, { runs: runs(0, 15) });
    await beat(pool, first, { runs: runs(0, 15), countsOf: 'another process' });
    await beat(pool, first, { runs: runs(10, 15), countsOf: 'a third one' });
    const totals = await pool.redis.hgetall(pool.keys.of('totals'));
    const names = Object.keys(totals).filter((field) => field.startsWith('run:ms:'));
    expect(names).toHaveLength(21);
    const { 'task 0': task0, 'task 12': task12, other } = (await poolStats(pool.redis, pool.keys)).runs;
    expect([task0?.sumMs, task0?.counts.slice(0, 3)]).toEqual([80, [2, 4, 0]]);
    expect([task12?.sumMs, other?.sumMs, other?.counts[1]]).toEqual([120, 5 * 40, 10]);
  });
});
