import { drain, orderBreaker, poolStats } from '@shunt/lanes';
import { RetryLater, Terminal, WrongWorker } from '@shunt/sdk';
import { type Job, UnrecoverableError } from 'bullmq';
import { describe, expect } from 'vitest';
import { Countdown, Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

const sweepOnly = { sweep: 100, breaker: { openMs: 600_000, maxOpenMs: 600_000 } };
const breakerOf = async (pool: TestPool, id: string) =>
  (await poolStats(pool.redis, pool.keys)).workers.find((worker) => worker.id === id)?.breaker;
const stateIs = (pool: TestPool, id: string, state: string) => async () => (await breakerOf(pool, id)) === state;
const fails = async () => {
  throw new Error('a planned failure');
};
const slow = { heartbeat: 600_000, lease: 1_800_000 };

/** Tasks of as many agents, each tried until it works. */
async function add(pool: TestPool, count: number, options: object = {}): Promise<void> {
  const inputs = Array.from({ length: count }, (_, n) => ({
    task: 't',
    input: n,
    options: { agentId: `a${n}`, ...options },
  }));
  await pool.client().enqueueMany(inputs);
}

/** Resolves once a worker has registered. */
const registered = (pool: TestPool, ...ids: string[]) =>
  until(async () => (await pool.redis.hmget(pool.keys.of('routable'), ...ids)).every((slots) => slots !== null));

describe('a worker that fails everything', () => {
  it('is out after the fewest calls that say so, and its agents go on elsewhere with the reason told', async ({
    pool,
  }) => {
    pool.dispatcher(sweepOnly);
    let seen = 0;
    const bad = async () => {
      seen++;
      await fails();
    };
    const done = new Countdown(200);
    pool.worker(bad, { workerId: 'bad', concurrency: 8, ...slow });
    pool.worker(async () => done.tick(), { workerId: 'good1', concurrency: 8 });
    pool.worker(async () => done.tick(), { workerId: 'good2', concurrency: 8 });
    await registered(pool, 'bad', 'good1', 'good2');
    await add(pool, 200, { attempts: 50 });
    await done.zero;
    await until(async () => (await poolStats(pool.redis, pool.keys)).completed === 200);
    expect(seen).toBeGreaterThanOrEqual(10);
    expect(seen).toBeLessThanOrEqual(20);
    expect(await breakerOf(pool, 'bad')).toBe('open');
    const { bound, breakerTransitions, tasks } = await poolStats(pool.redis, pool.keys);
    expect(bound.breaker).toBeGreaterThan(0);
    expect(breakerTransitions).toEqual({ open: 1, 'half-open': 0, closed: 0 });
    expect(tasks).toMatchObject({ lane: 0, running: 0, yard: 0 });
    const journal = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
    const told = journal.filter(([, fields]) => fields[1] === 'breaker').map(([, fields]) => fields.slice(2));
    expect(told).toEqual([['worker', 'bad', 'to', 'open', 'reason', 'failures']]);
  });

  it('is tried again with few slots, closes into a slow start once it works, and gets all of them back', async ({
    pool,
  }) => {
    pool.dispatcher({ sweep: 50, breaker: { openMs: 100, maxOpenMs: 100, slowStartMs: 1000 } });
    let isBroken = true;
    const probes = new Set<number>();
    let running = 0;
    const worker = pool.worker(
      async (job) => {
        const atOnce = ++running;
        if (!isBroken && (await breakerOf(pool, 'w')) === 'half-open') probes.add(atOnce);
        running--;
        if (isBroken) throw new Error(`a planned failure of ${job.id}`);
      },
      { workerId: 'w', concurrency: 20, heartbeat: 50 },
    );
    const other = pool.worker(async () => undefined, { workerId: 'other' });
    await registered(pool, 'w');
    await pool.queue().pause();
    await add(pool, 40, { attempts: 2 });
    await pool.queue().resume();
    await until(stateIs(pool, 'w', 'open'));
    isBroken = false;
    await other.pause();
    const feed = setInterval(() => void pool.client().enqueue('t', 0, { agentId: `b${Math.random()}` }), 10);
    try {
      await until(stateIs(pool, 'w', 'closed'));
    } finally {
      clearInterval(feed);
    }
    expect(Math.max(...probes)).toBeLessThanOrEqual(3);
    await until(async () => Number(await pool.redis.hget(pool.keys.of('routable'), 'w')) === 20);
    expect(worker.isRunning()).toBe(true);
    const { breakerTransitions } = await poolStats(pool.redis, pool.keys);
    expect(breakerTransitions['half-open']).toBeGreaterThanOrEqual(1);
    expect(breakerTransitions.closed).toBe(1);
  });
});

describe('errors that blame the task', () => {
  it.for([
    ['UnrecoverableError', new UnrecoverableError('bad input')],
    ['Terminal, as a schema that refuses an input throws it', new Terminal('bad input')],
    ['RetryLater', new RetryLater('1m')],
    ['WrongWorker', new WrongWorker()],
  ] as const)('do not count against the worker: %s', async ([, error], { pool }) => {
    pool.dispatcher(sweepOnly);
    const done = new Countdown(50);
    pool.worker(
      async () => {
        done.tick();
        throw error;
      },
      { workerId: 'w1', concurrency: 8 },
    );
    pool.worker(async () => undefined, { workerId: 'w2' });
    await registered(pool, 'w1', 'w2');
    await drain(pool.redis, pool.keys, 'w2', { by: 'test' });
    await add(pool, 50);
    await done.zero;
    await until(async () => (await poolStats(pool.redis, pool.keys)).failed === 50);
    expect((await poolStats(pool.redis, pool.keys)).breakerTransitions.open).toBe(0);
  });
});

describe('a pool whose workers all fail', () => {
  it('keeps most of them: no more than a third is out at once, and the others take the tasks', async ({ pool }) => {
    pool.dispatcher(sweepOnly);
    const ids = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6'];
    for (const workerId of ids) pool.worker(fails, { workerId, concurrency: 4 });
    await registered(pool, ...ids);
    await add(pool, 300, { attempts: 2 });
    await until(async () => (await poolStats(pool.redis, pool.keys)).finishedFailed === 300);
    const { workers, breakerTransitions, bound } = await poolStats(pool.redis, pool.keys);
    expect(breakerTransitions.open).toBe(2);
    expect(workers.filter(({ breaker }) => breaker === 'open')).toHaveLength(2);
    const moves = (bound.breaker ?? 0) + (bound.evicted ?? 0) + (bound.draining ?? 0) + (bound.dead ?? 0);
    expect(moves).toBeLessThanOrEqual(2 * 300);
  });

  it('of one worker goes on with it', async ({ pool }) => {
    pool.dispatcher(sweepOnly);
    pool.worker(fails, { workerId: 'only', concurrency: 4 });
    await add(pool, 60);
    await until(async () => (await poolStats(pool.redis, pool.keys)).finishedFailed === 60);
    expect(await breakerOf(pool, 'only')).toBe('closed');
  });
});

describe('an operator', () => {
  it('opens a breaker by hand, closes it by hand, and gives it back to the rules', async ({ pool }) => {
    pool.dispatcher(sweepOnly);
    const opened = new Signal();
    pool.worker(() => opened.seen, { workerId: 'w' });
    await registered(pool, 'w');
    const running = await pool.client().enqueue('t', 0, { agentId: 'a' });
    await until(async () => (await running.status()).state === 'running');
    await pool.client().enqueue('t', 1, { agentId: 'b' });
    await until(
      async () =>
        (await poolStats(pool.redis, pool.keys)).tasks.lane + (await pool.redis.zcard(pool.keys.of('yard'))) === 1,
    );
    await orderBreaker(pool.redis, pool.keys, 'w', 'open', { by: 'test' });
    await until(stateIs(pool, 'w', 'open'));
    await until(async () => (await pool.redis.zcard(pool.keys.of('yard'))) === 1);
    await orderBreaker(pool.redis, pool.keys, 'w', 'auto', { by: 'test' });
    await until(stateIs(pool, 'w', 'half-open'));
    await orderBreaker(pool.redis, pool.keys, 'w', 'closed', { by: 'test' });
    await until(stateIs(pool, 'w', 'closed'));
    opened.resolve();
    await until(async () => (await poolStats(pool.redis, pool.keys)).completed === 2);
    await expect(orderBreaker(pool.redis, pool.keys, 'nobody', 'open', { by: 'test' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('a worker that beats and takes nothing', () => {
  it('is out, gives its tasks to others, and ends so that its supervisor starts it anew', async ({ pool }) => {
    pool.dispatcher({ ...sweepOnly, stuckAfter: 300 });
    const stuck = pool.worker(async () => undefined, {
      workerId: 'stuck',
      autorun: false,
      lease: 5000,
      heartbeat: 100,
    });
    const backend = (stuck as unknown as { backend: { moveToActive: () => Promise<never> } }).backend;
    backend.moveToActive = () => new Promise<never>(() => undefined);
    const ended = expect(stuck.run()).rejects.toMatchObject({ code: 'LEASE_LOST' });
    await registered(pool, 'stuck');
    const ran: (Job['id'] | undefined)[] = [];
    const task = await pool.client().enqueue('t', 0, { agentId: 'a' });
    await until(async () => (await task.status()).state === 'lane');
    pool.worker(async (job) => ran.push(job.id), { workerId: 'well' });
    await task.result({ timeout: '60s' });
    expect(ran).toEqual([task.id]);
    await ended;
  });
});
