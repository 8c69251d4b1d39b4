import { type Candidate, strategy } from '@shunt/balancing';
import { agentKeyIn, poolStats } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { configure } from '../../support/configure.js';
import { FaultProxy } from '../../support/fault-proxy.js';
import type { TestPool } from '../../support/pool.js';
import { it, until } from '../../support/pool-test.js';

const breakerOf = async (pool: TestPool, id: string) =>
  (await poolStats(pool.redis, pool.keys)).workers.find((worker) => worker.id === id)?.breaker;
const ttlOf = (pool: TestPool, agent: string) => pool.redis.pttl(pool.keys.of(`agent:${agent}`));
const run = async (pool: TestPool, agentId: string) =>
  (await pool.client().enqueue('turn', {}, { agentId })).result({ timeout: '60s' });

describe('the session TTL', () => {
  it('changed while the pool runs holds from the next task of each agent on, and ends idle sessions no later', async ({
    pool,
  }) => {
    const dispatcher = pool.dispatcher();
    const worker = pool.worker(async () => undefined);
    for (const agent of ['idle', 'busy']) await run(pool, agent);
    expect(await ttlOf(pool, 'idle')).toBeGreaterThan(14 * 60_000);

    await configure(pool, { sessionTtl: '1m' }, dispatcher, worker);
    await run(pool, 'busy');
    expect(await ttlOf(pool, 'busy')).toBeLessThanOrEqual(60_000);
    await until(async () => (await ttlOf(pool, 'idle')) <= 60_000);

    await configure(pool, { sessionTtl: '1h' }, dispatcher, worker);
    await run(pool, 'busy');
    expect(await ttlOf(pool, 'busy')).toBeGreaterThan(59 * 60_000);
    await configure(pool, { sessionTtl: null }, dispatcher, worker);
    await run(pool, 'busy');
    expect(await ttlOf(pool, 'busy')).toBeLessThanOrEqual(15 * 60_000);
    expect(pool.errors).toEqual([]);
  });

  it('of a session slides: each task of the agent gives it the whole of it again', async ({ pool }) => {
    pool.worker(async () => undefined, { sessionTtl: 60_000 });
    await run(pool, 'a');
    await pool.redis.pexpire(pool.keys.of('agent:a'), 30_000);
    await run(pool, 'a');
    expect(await ttlOf(pool, 'a')).toBeGreaterThan(50_000);
  });

  it('is the pool’s also where a client cancels', async ({ pool }) => {
    await configure(pool, { sessionTtl: '1m' });
    const handle = await pool.client({ sessionTtl: '1h' }).enqueue('turn', {}, { agentId: 'a' });
    await pool.redis.hset(pool.keys.of('agent:a'), 'warm', 'w');
    expect(await handle.cancel()).toBe('cancelled');
    expect(await ttlOf(pool, 'a')).toBeGreaterThan(0);
    expect(await ttlOf(pool, 'a')).toBeLessThanOrEqual(60_000);
  });
});

describe('the thresholds of breakers', () => {
  it('changed while the pool runs open by the new ones, of the worker and of the pool', async ({ pool }) => {
    const dispatcher = pool.dispatcher();
    const bad = pool.worker(
      async () => {
        throw new Error('a planned failure');
      },
      { workerId: 'bad', breaker: { minCalls: 1000 } },
    );
    const other = pool.worker(async () => undefined, { workerId: 'other' });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 2);
    await other.pause();
    const told = { minCalls: 2, minAgents: 1, failureRate: 1, open: '10m', openMax: '10m' };
    await configure(pool, { breaker: told }, dispatcher, bad);
    await other.resume();
    for (let n = 0; (await breakerOf(pool, 'bad')) !== 'open'; n++) {
      await pool.client().enqueue('turn', n, { agentId: `a${n}`, attempts: 1 });
    }
    const kept = JSON.parse((await pool.redis.hget(pool.keys.of('breakers'), 'bad')) ?? '{}');
    expect(kept.breaker.state).toBe('open');
    expect(dispatcher.config.current.rules).toMatchObject({ openMs: 600_000, maxOpenMs: 600_000, probes: 3 });
    expect(bad.config.current.rules).toMatchObject({ minCalls: 2, slowRate: 0.8 });
  });

  it('are those of a preset where one is told, and none at all with off', async ({ pool }) => {
    const worker = pool.worker(async () => undefined, { breaker: { minCalls: 7, failureRate: 0.9 } });
    expect(worker.config.current.rules).toMatchObject({ minCalls: 7, failureRate: 0.9 });
    await configure(pool, { breaker: { preset: 'plain', consecutiveFailures: 9 } }, worker);
    expect(worker.config.current.rules).toMatchObject({ minCalls: 1, consecutiveFailures: 9 });
    await configure(pool, { breaker: { preset: 'off' } }, worker);
    expect(worker.config.current.rules).toBeNull();
    await configure(pool, { breaker: null }, worker);
    expect(worker.config.current.rules).toMatchObject({ minCalls: 7, failureRate: 0.9 });
  });
});

describe('how agents stay at home', () => {
  it('is published as it changes, without a wait for the next round of the leader', async ({ pool }) => {
    const hour = 3_600_000;
    const dispatcher = pool.dispatcher({ lease: 3 * hour, sweep: hour });
    const isPublished = async (patienceMs: string) =>
      (await pool.redis.hget(pool.keys.of('pull'), 'patienceMs')) === patienceMs;
    await until(() => isPublished('5000'));
    await configure(pool, { affinity: 'strict' }, dispatcher);
    await until(() => isPublished('-1'));
    await configure(pool, { affinity: 'soft', spillAfter: '7s' }, dispatcher);
    await until(() => isPublished('7000'));
  });
});

describe('a process', () => {
  it('that starts later begins with the configuration, over its own settings key by key', async ({ pool }) => {
    const { version } = await configure(pool, { moveBudget: 0.5, maxWaiting: 9, zoneDistances: { eu: { us: 1 } } });
    const dispatcher = pool.dispatcher({ moveBudget: 0.2, affinity: 'strict', stuckAfter: 1000 });
    expect(dispatcher.config.current).toMatchObject({ pull: { moveBudget: 0.2 }, readsZones: false });
    await until(() => dispatcher.config.version === version);
    expect(dispatcher.config.current).toMatchObject({
      pull: { moveBudget: 0.5, affinity: 'strict' },
      maxWaitingTasks: 9,
      stuckAfterMs: 1000,
      readsZones: true,
      healthCheck: null,
    });
    await configure(pool, { maxWaiting: 'none', healthCheck: { enabled: true, up: 1 } }, dispatcher);
    expect(dispatcher.config.current).toMatchObject({
      maxWaitingTasks: null,
      healthCheck: { interval: 30_000, timeout: 5000, up: 1, down: 3 },
    });
  });

  it('that was cut off while it was changed applies it once it is back', async ({ pool }) => {
    const proxy = await FaultProxy.open(pool.url);
    const worker = pool.worker(async () => undefined, { connection: { url: proxy.url } as never, lease: 600_000 });
    await configure(pool, { sessionTtl: '2m' }, worker);
    proxy.block();
    const { version } = await configure(pool, { sessionTtl: '3m' });
    expect(worker.config.version).toBe(version - 1);
    proxy.reset();
    await until(() => worker.config.version === version);
    expect(worker.config.current.sessionTtlMs).toBe(180_000);
    await worker.close();
    await proxy.close();
  });

  it('goes back to its own settings when Redis lost the pool’s data', async ({ pool }) => {
    const worker = pool.worker(async () => undefined, { sessionTtl: 5000 });
    await configure(pool, { sessionTtl: '2m' }, worker);
    await pool.redis.del(pool.keys.of('config'));
    await until(() => worker.config.version === 0);
    expect(worker.config.current.sessionTtlMs).toBe(5000);
    await configure(pool, { sessionTtl: '3m' }, worker);
    expect(worker.config.current.sessionTtlMs).toBe(180_000);
  });

  it('that cannot apply it stays as it is, says so once, and goes on with the next', async ({ pool }) => {
    const mine = strategy('mine', (_task, free) => free[0] as Candidate);
    const knows = pool.dispatcher({ strategies: [mine] });
    await until(() => knows.leadership.term > 0);
    const not = pool.dispatcher({ stuckAfter: 1000 });
    const { version } = await configure(pool, { strategy: 'mine', stuckAfter: '2s' }, knows);
    await until(() => not.config.refused !== null);
    expect(not.config.version).toBe(0);
    expect(not.config.current).toMatchObject({ strategy: { name: 'least-connections' }, stuckAfterMs: 1000 });
    await configure(pool, { strategy: 'random' }, knows, not);
    expect(not.config.refused).toBeNull();
    expect(not.config.current).toMatchObject({ strategy: { name: 'random' }, stuckAfterMs: 2000 });
    expect(pool.errors.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        `version ${version} of the pool's configuration cannot be applied, 0 stays: strategy must`,
      ),
    ]);
  });

  it('that does not know a key, as a newer one wrote it, refuses all of it', async ({ pool }) => {
    const worker = pool.worker(async () => undefined, { sessionTtl: 5000 });
    const json = JSON.stringify({ sessionTtl: 1, newerKey: 1 });
    await pool.redis.hset(pool.keys.of('config'), { version: 1, nonce: 'n', json });
    await until(() => worker.config.refused !== null);
    expect(worker.config.current.sessionTtlMs).toBe(5000);
    expect(pool.errors).toMatchObject([{ code: 'INVALID_CONFIG', details: [{ field: 'newerKey' }] }]);
  });
});

describe('a strategy switched again and again under load', () => {
  it('loses no task and no session: agents stay at home, in order', async ({ pool }) => {
    const names = ['round-robin', 'peak-ewma', 'consistent-hash', 'intelligent', 'power-of-two', 'random'] as const;
    const dispatchers = [pool.dispatcher({ affinity: 'strict' }), pool.dispatcher({ affinity: 'strict' })];
    const homes = new Map<string, Set<string>>();
    const seen = new Map<string, number[]>();
    for (const workerId of ['w1', 'w2', 'w3']) {
      pool.worker(
        async ({ id, data }) => {
          const agent = agentKeyIn(id ?? '') ?? '';
          homes.set(agent, (homes.get(agent) ?? new Set()).add(workerId));
          seen.set(agent, [...(seen.get(agent) ?? []), data.turn]);
        },
        { workerId, concurrency: 4 },
      );
    }
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 3);
    const client = pool.client();
    let isSwitching = true;
    let turn = 0;
    const load = async () => {
      for (; isSwitching; turn += 2) {
        const items = Array.from({ length: 80 }, (_, n) => {
          return { task: 'turn', input: { turn: turn + (n % 2) }, options: { agentId: `a${n >> 1}` } };
        });
        const added = await client.enqueueMany(items);
        await Promise.all(added.map((each) => each.ok && each.handle.result()));
      }
    };
    const switched = async () => {
      for (const strategy of names) {
        await configure(pool, { strategy }, ...dispatchers);
        // One round that began under it, at least.
        const before = turn;
        await until(() => turn >= before + 4);
      }
      isSwitching = false;
    };
    await Promise.all([load(), switched()]);
    expect([...homes.values()].map(({ size }) => size)).toEqual(Array(40).fill(1));
    expect([...seen.values()]).toEqual(Array(40).fill(Array.from({ length: turn }, (_, n) => n)));
    expect(dispatchers.map(({ config }) => config.current.strategy.name)).toEqual(['random', 'random']);
    expect(pool.errors).toEqual([]);
  });
});
