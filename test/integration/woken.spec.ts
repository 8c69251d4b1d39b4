import { type LaneWorkerOptions, redisTimeMs } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { Signal, TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';
import { startTestRedis } from '../support/redis.js';

/** Is heard of once, as it joins. */
const quiet: Partial<LaneWorkerOptions> = { heartbeat: 600_000, lease: 3_600_000 };
/** Looks by nothing but a push: what is not told to it would wait for longer than a test. */
const deaf: Partial<LaneWorkerOptions> = { ...quiet, drainDelay: 600 };

/** A worker that is idle for certain, and what it ran. A task with `held` runs until `go` is resolved. */
async function idle(pool: TestPool, workerId: string, options: Partial<LaneWorkerOptions> = {}) {
  const ran: string[] = [];
  const go = new Signal();
  const worker = pool.worker(
    async ({ name, data }) => {
      ran.push(name);
      if (data.held) await go.seen;
    },
    { workerId, ...deaf, ...options },
  );
  await until(() => isIdle(pool, workerId));
  return { worker, ran, go };
}

const isIdle = async (pool: TestPool, workerId: string) =>
  (await pool.redis.zscore(pool.keys.of('idle'), workerId)) !== null;

const turn = async (pool: TestPool, agentId?: string, options: object = {}) =>
  (await pool.client().enqueue('turn', {}, { agentId, ...options })).result({ timeout: '60s' });

describe('an idle worker that never looks by itself is woken', () => {
  it('by a task of an agent without a home, of one at home, and of none', async ({ pool }) => {
    pool.dispatcher();
    const { ran } = await idle(pool, 'w');
    for (const agentId of ['a', 'a', undefined]) {
      await turn(pool, agentId);
      await until(() => isIdle(pool, 'w'));
    }
    expect(ran).toHaveLength(3);
  });

  it('by a task that a dispatcher takes from a plain queue', async ({ pool }) => {
    pool.dispatcher();
    const { ran } = await idle(pool, 'w');
    await pool.queue().add('plain', { agentId: 'a' });
    await until(() => ran.includes('plain'));
  });

  it('by a task that only its labels let it run', async ({ pool }) => {
    pool.dispatcher();
    const plain = await idle(pool, 'plain');
    const gpu = await idle(pool, 'gpu', { labels: { gpu: 'a100' } });
    await turn(pool, 'a', { labels: { gpu: 'a100' } });
    expect([plain.ran, gpu.ran]).toEqual([[], ['turn']]);
  });

  it('by a delayed task that is due, and by a retry', async ({ pool }) => {
    pool.dispatcher();
    await idle(pool, 'w');
    await turn(pool, 'a', { delay: 50 });
    const failing = pool.worker(
      async ({ attemptsMade }) => {
        if (attemptsMade === 0) throw new Error('once');
      },
      { workerId: 'failing', ...deaf, labels: { kind: 'failing' } },
    );
    await until(() => isIdle(pool, failing.workerId));
    await turn(pool, 'b', { labels: { kind: 'failing' }, attempts: 2, backoff: { type: 'fixed', delay: 50 } });
  });

  it('by the end of the patience of a task that waits for its busy home', async ({ pool }) => {
    pool.dispatcher({ spillAfter: 200 });
    const home = await idle(pool, 'home');
    const client = pool.client();
    await turn(pool, 'a');
    await until(async () => (await pool.redis.hget(pool.keys.of('pull'), 'patienceMs')) === '200');
    await client.enqueue('blocker', { held: true }, { agentId: 'b' });
    await until(() => home.ran.includes('blocker'));
    const stranger = await idle(pool, 'stranger');
    await turn(pool, 'a');
    expect(stranger.ran).toEqual(['turn']);
    home.go.resolve();
  });

  it('by the end of a pause of the queue', async ({ pool }) => {
    pool.dispatcher();
    const { ran } = await idle(pool, 'w');
    const queue = pool.queue();
    await queue.pause();
    const task = await pool.client().enqueue('turn', {}, { agentId: 'a' });
    expect(ran).toEqual([]);
    await queue.resume();
    await task.result({ timeout: '60s' });
  });

  it('by what a worker that leaves gives back', async ({ pool }) => {
    pool.dispatcher();
    const leaving = await idle(pool, 'leaving');
    const client = pool.client();
    const held = await client.enqueue('held', { held: true }, { agentId: 'a' });
    await until(() => leaving.ran.length === 1);
    await pool.redis.hset(pool.keys.of('agent:b'), 'home', 'leaving');
    const waiting = await client.enqueue('turn', {}, { agentId: 'b', affinity: 'strict' });
    await idle(pool, 'other');
    const closed = leaving.worker.close();
    await waiting.result({ timeout: '60s' });
    leaving.go.resolve();
    await held.result({ timeout: '60s' });
    await closed;
  });
});

describe('an idle worker', () => {
  it('asks nothing between two looks, which are a second apart', async () => {
    const server = await startTestRedis();
    const pool = new TestPool(server.url);
    try {
      pool.worker(async () => undefined, { workerId: 'w', ...quiet });
      await until(() => isIdle(pool, 'w'));
      const { redis } = pool;
      const callsOf = async (command: string) =>
        Number(new RegExp(`^cmdstat_${command}:calls=(\\d+)`, 'm').exec(await redis.info('commandstats'))?.[1] ?? 0);
      const look = async () => {
        const before = await callsOf('bzpopmin');
        await until(async () => (await callsOf('bzpopmin')) > before);
        return { calls: await callsOf('fcall'), atMs: await redisTimeMs(redis) };
      };
      const [first, second] = [await look(), await look()];
      expect(second.calls - first.calls).toBeLessThanOrEqual(1);
      expect(second.atMs - first.atMs).toBeGreaterThan(900);
    } finally {
      await pool.close();
      await server.stop();
    }
  });
});
