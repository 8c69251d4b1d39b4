import { describe, expect } from 'vitest';
import type { TestPool } from '../../../../test/support/pool.js';
import { it } from '../../../../test/support/pool-test.js';
import { lead } from '../moves.js';
import { type PullPolicy, PullTuner, readPull } from './pull-tuner.js';

/** A leader's tuner, the totals it learns from, and what it has published. */
async function tuned(pool: TestPool, policy: PullPolicy = {}) {
  const { redis, keys } = pool;
  const { term } = await lead(redis, keys, 'd', 600_000);
  const tuning = { current: { pull: policy } };
  const tuner = new PullTuner(redis, keys, tuning);
  const total = (fields: Record<string, number>) => redis.hset(keys.of('totals'), fields);
  return { tuner, term, total, tuning, read: () => readPull(redis, keys) };
}

/** Workers of a slot each that have ended so many warm tasks of 100 ms, times `slower`, and cold ones of 300 ms. */
const paces = (warm: number, cold: number, ...slower: number[]) => ({
  stragglers: new Map<string, number>(),
  times: (slower.length > 0 ? slower : [1]).map((by) => ({
    slots: 1,
    times: { warm: { tasks: warm, sumMs: warm * 100 * by }, cold: { tasks: cold, sumMs: cold * 300 * by } },
  })),
});
const nobody = { stragglers: new Map<string, number>(), times: [] };

describe('PullTuner', () => {
  it('has published nothing before its first look: the scripts go by 5 s and no moves', async ({ pool }) => {
    expect(await (await tuned(pool)).read()).toEqual({ patienceMs: 5000, coldCostMs: null, moves: 0, stragglers: 0 });
  });

  it('learns the cold cost from what workers report, and publishes twice of it as patience', async ({ pool }) => {
    const { tuner, term, read } = await tuned(pool);
    await tuner.tune(term, paces(100, 49));
    expect((await read()).coldCostMs).toBeNull();
    await tuner.tune(term, paces(200, 100));
    expect(await read()).toMatchObject({ patienceMs: 400, coldCostMs: 200 });
  });

  it('goes by each worker by itself, though the fast ones have more cold tasks', async ({ pool }) => {
    const { tuner, term, read } = await tuned(pool);
    const [slow, fast] = [paces(900, 20, 3).times, paces(100, 400, 1).times];
    await tuner.tune(term, { ...nobody, times: [...slow, ...fast] });
    expect((await read()).coldCostMs).toBe(400);
  });

  it('goes on with what it knew until workers that have all come back have met enough', async ({ pool }) => {
    const { tuner, term, read } = await tuned(pool);
    await tuner.tune(term, paces(200, 100));
    await tuner.tune(term, nobody);
    await tuner.tune(term, paces(20, 49, 5));
    expect((await read()).coldCostMs).toBe(200);
    await tuner.tune(term, paces(200, 50, 5));
    expect((await read()).coldCostMs).toBe(1000);
  });

  it('counts what it saw once, however often it looks, and another leader goes on from there', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool);
    await total({ completed: 290, finishedFailed: 10 });
    await pool.redis.hset(pool.keys.of('routable'), { w1: 100, w2: 100 });
    await tuner.tune(term, paces(200, 100));
    const first = await pool.redis.hgetall(pool.keys.of('pull'));
    await tuner.tune(term, paces(200, 100));
    await new PullTuner(pool.redis, pool.keys, { current: { pull: {} } }).tune(term, paces(200, 100));
    expect(await pool.redis.hgetall(pool.keys.of('pull'))).toEqual(first);
    expect((await read()).moves).toBe(30);
  });

  it('earns moves of its budget up to half the slots, and leaves what was spent spent', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool, { moveBudget: 0.5 });
    await pool.redis.hset(pool.keys.of('routable'), { w1: 100 });
    await total({ completed: 20 });
    await tuner.tune(term, nobody);
    expect((await read()).moves).toBe(10);
    await pool.redis.hset(pool.keys.of('pull'), 'spent', 4);
    await tuner.tune(term, nobody);
    expect((await read()).moves).toBe(6);
    await total({ completed: 1020 });
    await tuner.tune(term, nobody);
    expect((await read()).moves).toBe(50);
  });

  it('earns nothing where totals became smaller, as Redis came back with older data', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool);
    await pool.redis.hset(pool.keys.of('routable'), { w1: 1000 });
    await total({ completed: 300 });
    await tuner.tune(term, nobody);
    await total({ completed: 30 });
    await tuner.tune(term, nobody);
    expect((await read()).moves).toBe(30);
    await total({ completed: 130 });
    await tuner.tune(term, nobody);
    expect((await read()).moves).toBe(40);
  });

  it.for([
    [{ affinity: 'strict' }, -1],
    [{ affinity: 'none' }, 0],
    [{ spillAfter: 750 }, 750],
    [{ affinity: 'strict', spillAfter: 750 }, -1],
  ] as const)(
    'publishes what the policy says in place of what it learned: %j',
    async ([policy, patienceMs], { pool }) => {
      const { tuner, term, tuning, read } = await tuned(pool);
      await tuner.tune(term, paces(200, 100));
      tuning.current = { pull: policy };
      await tuner.tune(term, paces(200, 100));
      expect(await read()).toMatchObject({ patienceMs, coldCostMs: 200 });
    },
  );

  it('never learns a patience within which an idle home would still fetch', async ({ pool }) => {
    const { tuner, term, read } = await tuned(pool);
    await tuner.tune(term, paces(200, 100, 0.005));
    expect(await read()).toMatchObject({ patienceMs: 100, coldCostMs: 1 });
  });

  it('publishes nothing under an old term', async ({ pool }) => {
    const { tuner, term, read } = await tuned(pool);
    await tuner.tune(term - 1, paces(200, 100));
    expect(await read()).toEqual({ patienceMs: 5000, coldCostMs: null, moves: 0, stragglers: 0 });
  });
});
