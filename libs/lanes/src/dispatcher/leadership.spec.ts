import { describe, expect } from 'vitest';
import type { TestPool } from '../../../../test/support/pool.js';
import { it, until } from '../../../../test/support/pool-test.js';
import { evict, lead, place, resign, shunt, stateOf } from '../moves.js';
import { redisTimeMs } from '../redis/store-clock.js';
import { join, workersOf } from '../registry.js';
import { Leadership } from './leadership.js';

const leads = async (pool: TestPool, id: string, leaseMs = 10_000) =>
  (await lead(pool.redis, pool.keys, id, leaseMs)).term;
const joins = (pool: TestPool, worker: string, leaseMs: number) =>
  join(pool.redis, pool.keys, { worker, incarnation: 'one' }, { slots: 1, weight: 1, host: 'h', pid: 1 }, leaseMs);

const verdict = (term: number) => ({ term, marginMs: 0, maxStalledCount: 3 });

describe('the leadership of a pool', () => {
  it('stays with one dispatcher, renewed under the same term, until that one gives it up', async ({ pool }) => {
    const term = await leads(pool, 'a');
    expect(await leads(pool, 'b')).toBe(0);
    expect(await leads(pool, 'a')).toBe(term);
    await resign(pool.redis, pool.keys, 'b');
    expect(await leads(pool, 'b')).toBe(0);
    await resign(pool.redis, pool.keys, 'a');
    expect(await leads(pool, 'b')).toBeGreaterThan(term);
  });

  it('goes to another under a higher term once the lease has run out', async ({ pool }) => {
    const term = await leads(pool, 'a', 1);
    await until(async () => (await leads(pool, 'b')) > term);
    expect(await leads(pool, 'a')).toBe(0);
  });

  it('has a higher term also for the one that led before', async ({ pool }) => {
    const term = await leads(pool, 'a');
    await resign(pool.redis, pool.keys, 'a');
    expect(await leads(pool, 'a')).toBeGreaterThan(term);
  });

  it.for<[string, (pool: TestPool) => Promise<number>]>([
    ['nothing', ({ redis, keys }) => redis.del(keys.of('leader'))],
    ['what it was long ago', ({ redis, keys }) => redis.hset(keys.of('leader'), 'term', 0)],
  ])('has terms that nobody had before also when Redis is back with %s', async ([, lose], { pool }) => {
    const old = await leads(pool, 'a', -1);
    await lose(pool);
    await until(async () => (await redisTimeMs(pool.redis)) > old);
    const term = await leads(pool, 'b');
    expect(term).toBeGreaterThan(old);
    expect(await place(pool.redis, pool.keys, old, [])).toBe('old-term');
    expect(await place(pool.redis, pool.keys, term, [])).toBe(0);
  });

  it('has a higher term also when the clock of Redis was set back', async ({ pool }) => {
    const ahead = (await leads(pool, 'a', -1)) + 3_600_000;
    await pool.redis.hset(pool.keys.of('leader'), 'term', ahead);
    expect(await leads(pool, 'b')).toBe(ahead + 1);
  });
});

describe('of two dispatchers', () => {
  it('one leads, and the other takes over at once when it stops', async ({ pool }) => {
    const first = pool.dispatcher({ lease: 600_000 });
    await until(() => first.leadership.term > 0);
    const { term } = first.leadership;
    const second = pool.dispatcher({ lease: 600_000 });
    const told: [string, number, string][] = [];
    first.on('leading', (...change) => told.push(['first', ...change]));
    second.on('leading', (...change) => told.push(['second', ...change]));
    await until(() => second.isConnected);
    expect(second.leadership.term).toBe(0);
    await first.stop();
    await until(() => second.leadership.term > term);
    expect(told).toEqual([
      ['first', 0, 'it stops'],
      ['second', second.leadership.term, 'nobody else does'],
    ]);
    expect(first.leadership.term).toBe(0);
  });

  it('the other takes over from one that renews no more, whose places are refused from then on', async ({ pool }) => {
    const term = await leads(pool, 'silent', 300);
    const second = pool.dispatcher({ lease: 10_000 });
    await until(() => second.leadership.term > 0);
    await joins(pool, 'w', 600_000);
    expect(await place(pool.redis, pool.keys, term, [])).toBe('old-term');
    expect(await place(pool.redis, pool.keys, second.leadership.term, [])).toBe(0);
    expect(pool.errors).toEqual([]);
  });
});

describe('a leader of an old term', () => {
  it('places nothing: the task stays in the yard', async ({ pool }) => {
    const [old, term] = [await leads(pool, 'a', -1), await leads(pool, 'b')];
    await joins(pool, 'w', 600_000);
    const job = await pool.queue().add('turn', { agentId: 'a' });
    await shunt(pool.redis, pool.keys, 10, Date.now());
    const task = job.id ?? '';
    expect(await place(pool.redis, pool.keys, old, [{ task, worker: 'w', labelsKey: '' }])).toBe('old-term');
    expect(await stateOf(pool.redis, pool.keys, task)).toEqual({ state: 'yard' });
    expect(await place(pool.redis, pool.keys, term, [{ task, worker: 'w', labelsKey: '' }])).toBe(1);
    expect(await stateOf(pool.redis, pool.keys, task)).toEqual({ state: 'lane', worker: 'w' });
  });

  it('evicts nobody, and neither does the current one while the lease holds', async ({ pool }) => {
    const [old, term] = [await leads(pool, 'a', -1), await leads(pool, 'b')];
    const isRoutable = async () => (await workersOf(pool.redis, pool.keys)).map((worker) => worker.isRoutable);
    await joins(pool, 'w', 600_000);
    await evict(pool.redis, pool.keys, 'w', verdict(term));
    expect(await isRoutable()).toEqual([true]);
    await joins(pool, 'w', -1);
    expect(await evict(pool.redis, pool.keys, 'w', verdict(old))).toBe('refused');
    expect(await isRoutable()).toEqual([true]);
    await evict(pool.redis, pool.keys, 'w', verdict(term));
    expect(await isRoutable()).toEqual([false]);
  });
});

describe('a leader', () => {
  it('sweeps again when the last sweep said, not only after its usual time', async ({ pool }) => {
    let sweeps = 0;
    const leadership = new Leadership(pool.redis, pool.keys, {
      dispatcherId: 'd',
      strategies: [],
      leaseMs: 1_800_000,
      sweepMs: 600_000,
      signal: new AbortController().signal,
      onError: (error) => pool.errors.push(error as Error),
      onChange: () => undefined,
      onSweep: async () => (++sweeps < 3 ? 1 : Number.POSITIVE_INFINITY),
    });
    leadership.start();
    await until(() => sweeps === 3);
    await leadership.stop();
    expect(pool.errors).toEqual([]);
  });

  it('is told by a sweep when the next worker is dead, unless it beats', async ({ pool }) => {
    const { leadership, sweep } = pool.dispatcher({ lease: 1_800_000, sweep: 600_000, margin: 1000 });
    await until(() => leadership.term > 0);
    const { term } = leadership;
    expect(await sweep.run(term, () => true)).toBe(Number.POSITIVE_INFINITY);
    await joins(pool, 'w', 100_000);
    const dueMs = await sweep.run(term, () => true);
    expect(dueMs).toBeGreaterThan(0);
    expect(dueMs).toBeLessThanOrEqual(101_001);
    expect(await sweep.run(term, () => false)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a leader whose rounds take longer than half its lease', () => {
  it('declares nobody dead and tells so once, until its rounds are short again', async ({ pool }) => {
    const leaseMs = 1000;
    const trusted: boolean[] = [];
    let isSlow = true;
    const leadership = new Leadership(pool.redis, pool.keys, {
      ...{ dispatcherId: 'd', strategies: [], leaseMs, sweepMs: 10, signal: new AbortController().signal },
      onError: (error) => pool.errors.push(error as Error),
      onChange: () => undefined,
      onSweep: async (_term, isTrusted) => {
        trusted.push(isTrusted());
        const doneAtMs = (await redisTimeMs(pool.redis)) + leaseMs / 2;
        if (isSlow) await until(async () => (await redisTimeMs(pool.redis)) > doneAtMs);
        return 0;
      },
    });
    leadership.start();
    await until(() => trusted.length === 6);
    expect(trusted).not.toContain(true);
    expect(leadership.isJudging).toBe(false);
    expect(pool.errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^this dispatcher leads and declares no worker dead: .* half of its lease, 500 ms$/),
    ]);
    isSlow = false;
    await until(() => leadership.isJudging);
    await leadership.stop();
    expect(leadership.isJudging).toBe(false);
    expect(pool.errors).toHaveLength(1);
  });

  it('is what a sweep of half the lease would make of every leader: it is refused', async ({ pool }) => {
    for (const [lease, sweep] of [
      [10_000, 5000],
      [undefined, 5000],
      [300, 200],
    ])
      expect(() => pool.dispatcher({ lease, sweep } as never)).toThrow(/^sweep must be less than half of the lease/);
  });
});

describe('a leader that takes a worker for dead', () => {
  it('counts it as lost only when Redis agrees', async ({ pool }) => {
    const { leadership, sweep } = pool.dispatcher({ lease: 1_800_000, sweep: 600_000 });
    await until(() => leadership.term > 0);
    const { term } = leadership;
    await joins(pool, 'w', -200_000);
    await sweep.run(term - 1, () => true);
    expect(sweep.workersLost).toBe(0);
    await sweep.run(term, () => true);
    expect(sweep.workersLost).toBe(1);
  });

  it('does nothing when it has stood still since its round began', async ({ pool }) => {
    const { leadership, sweep } = pool.dispatcher({ lease: 1_800_000, sweep: 600_000 });
    await until(() => leadership.term > 0);
    await joins(pool, 'w', -200_000);
    let asked = 0;
    await sweep.run(leadership.term, () => ++asked === 1);
    expect(sweep.workersLost).toBe(0);
    expect(asked).toBe(2);
    await sweep.run(leadership.term, () => true);
    expect(sweep.workersLost).toBe(1);
  });
});

describe('a leader with a short lease', () => {
  it('evicts a worker that stopped beating', async ({ pool }) => {
    const dispatcher = pool.dispatcher({ lease: 4000, sweep: undefined as never });
    await until(() => dispatcher.leadership.term > 0);
    await pool.redis.hset(pool.keys.of('routable'), 'gone', 1);
    await pool.redis.zadd(pool.keys.of('leases'), 1, 'gone');
    await until(() => dispatcher.sweep.workersLost === 1);
    expect(await pool.redis.hexists(pool.keys.of('routable'), 'gone')).toBe(0);
  });
});
