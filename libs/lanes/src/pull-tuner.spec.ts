import { describe, expect } from 'vitest';
import type { TestPool } from '../../../test/support/pool.js';
import { it } from '../../../test/support/pool-test.js';
import { lead } from './moves.js';
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

/** Totals of so many warm tasks of 100 ms and cold ones of 300 ms. */
const times = (warm: number, cold: number) => ({
  warmEnded: warm,
  warmMs: warm * 100,
  coldEnded: cold,
  coldMs: cold * 300,
});

describe('PullTuner', () => {
  it('has published nothing before its first look: the scripts go by 5 s and no moves', async ({ pool }) => {
    expect(await (await tuned(pool)).read()).toEqual({ patienceMs: 5000, coldCostMs: null, moves: 0, stragglers: 0 });
  });

  it('learns the cold cost from the totals, and publishes twice of it as patience', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool);
    await total(times(100, 49));
    await tuner.tune(term);
    expect((await read()).coldCostMs).toBeNull();
    await total(times(200, 100));
    await tuner.tune(term);
    expect(await read()).toMatchObject({ patienceMs: 400, coldCostMs: 200 });
  });

  it('counts what it saw once, however often it looks, and another leader goes on from there', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool);
    await total({ ...times(200, 100), completed: 290, finishedFailed: 10 });
    await pool.redis.hset(pool.keys.of('routable'), { w1: 100, w2: 100 });
    await tuner.tune(term);
    const first = await pool.redis.hgetall(pool.keys.of('pull'));
    await tuner.tune(term);
    await new PullTuner(pool.redis, pool.keys, { current: { pull: {} } }).tune(term);
    expect(await pool.redis.hgetall(pool.keys.of('pull'))).toEqual(first);
    expect((await read()).moves).toBe(30);
  });

  it('earns moves of its budget up to half the slots, and leaves what was spent spent', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool, { moveBudget: 0.5 });
    await pool.redis.hset(pool.keys.of('routable'), { w1: 100 });
    await total({ completed: 20 });
    await tuner.tune(term);
    expect((await read()).moves).toBe(10);
    await pool.redis.hset(pool.keys.of('pull'), 'spent', 4);
    await tuner.tune(term);
    expect((await read()).moves).toBe(6);
    await total({ completed: 1020 });
    await tuner.tune(term);
    expect((await read()).moves).toBe(50);
  });

  it('goes on where totals became smaller, as Redis came back with older data', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool);
    await total({ ...times(200, 100), completed: 300 });
    await tuner.tune(term);
    await total({ ...times(20, 10), completed: 30 });
    await tuner.tune(term);
    expect((await read()).coldCostMs).toBe(200);
    await total({ ...times(120, 110), completed: 230 });
    await tuner.tune(term);
    expect((await read()).coldCostMs).toBe(200);
  });

  it.for([
    [{ affinity: 'strict' }, -1],
    [{ affinity: 'none' }, 0],
    [{ patience: 750 }, 750],
    [{ affinity: 'strict', patience: 750 }, -1],
  ] as const)(
    'publishes what the policy says in place of what it learned: %j',
    async ([policy, patienceMs], { pool }) => {
      const { tuner, term, total, tuning, read } = await tuned(pool);
      await total(times(200, 100));
      await tuner.tune(term);
      tuning.current = { pull: policy };
      await tuner.tune(term);
      expect(await read()).toMatchObject({ patienceMs, coldCostMs: 200 });
    },
  );

  it('never learns a patience within which an idle home would still fetch', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool);
    await total({ warmEnded: 100, warmMs: 100, coldEnded: 100, coldMs: 200 });
    await tuner.tune(term);
    expect(await read()).toMatchObject({ patienceMs: 100, coldCostMs: 1 });
  });

  it('publishes nothing under an old term', async ({ pool }) => {
    const { tuner, term, total, read } = await tuned(pool);
    await total(times(200, 100));
    await tuner.tune(term - 1);
    expect(await read()).toEqual({ patienceMs: 5000, coldCostMs: null, moves: 0, stragglers: 0 });
  });
});
