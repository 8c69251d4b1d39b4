import { poolStats, stateOf } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

const gpu = { labels: { gpu: 'a100' } };
/** A worker that says who it is. */
const named = (pool: TestPool, workerId: string, labels?: Record<string, string>) =>
  pool.worker(async () => workerId, { workerId, concurrency: 4, ...(labels ? { labels } : {}) });
const journalOf = async (pool: TestPool) =>
  (await pool.redis.xrange(pool.keys.of('journal'), '-', '+')).map(([, fields]) => fields.join(' '));

describe('tasks that require labels', () => {
  it('run only on workers that carry all of them, with a dispatcher and without', async ({ pool }) => {
    for (const id of ['p1', 'p2']) named(pool, id);
    named(pool, 'half', { gpu: 'a100' });
    named(pool, 'both', { gpu: 'a100', region: 'eu', more: 'yes' });
    const client = pool.client();
    const run = async (count: number) => {
      const options = { labels: { region: 'eu', gpu: 'a100' } };
      const handles = await Promise.all(
        Array.from({ length: count }, (_, n) =>
          client.enqueue('turn', {}, n % 3 === 0 ? options : { ...options, agentId: `a-${n}` }),
        ),
      );
      return new Set(await Promise.all(handles.map((handle) => handle.result({ timeout: '60s' }))));
    };
    expect(await run(12)).toEqual(new Set(['both']));
    pool.dispatcher();
    expect(await run(60)).toEqual(new Set(['both']));
    expect(pool.errors).toEqual([]);
  });

  it('share workers with tasks that require nothing, of which none waits for ever', async ({ pool }) => {
    pool.dispatcher();
    named(pool, 'plain');
    named(pool, 'gpu', { gpu: 'a100' });
    const client = pool.client();
    const handles = await Promise.all(
      Array.from({ length: 200 }, (_, n) => client.enqueue('turn', {}, { agentId: `a-${n}`, ...(n % 2 ? gpu : {}) })),
    );
    const ran = await Promise.all(handles.map((handle) => handle.result({ timeout: '60s' })));
    expect(new Set(ran.filter((_, n) => n % 2 === 1))).toEqual(new Set(['gpu']));
    expect((await poolStats(pool.redis, pool.keys)).tasks).toMatchObject({ yard: 0, lane: 0, running: 0 });
  });

  it('wait visibly while no worker carries them, hold up nobody, and run once one comes', async ({ pool }) => {
    pool.dispatcher();
    named(pool, 'plain');
    const client = pool.client();
    const waiting = await client.enqueue('turn', {}, { agentId: 'a', ...gpu });
    const behind = await client.enqueue('turn', {}, { agentId: 'a' });
    expect(await (await client.enqueue('turn', {}, { agentId: 'b' })).result()).toBe('plain');
    expect(await stateOf(pool.redis, pool.keys, waiting.id)).toEqual({ state: 'yard' });
    expect(await poolStats(pool.redis, pool.keys)).toMatchObject({ unserved: 1, tasks: { yard: 1, mailbox: 1 } });
    named(pool, 'gpu', { gpu: 'a100' });
    expect(await waiting.result({ timeout: '60s' })).toBe('gpu');
    expect(await behind.result({ timeout: '60s' })).toBe('gpu');
    expect((await poolStats(pool.redis, pool.keys)).unserved).toBe(0);
  });

  it('end by their ttl where no worker carries them, and their agent goes on', async ({ pool }) => {
    pool.dispatcher();
    named(pool, 'plain');
    const client = pool.client();
    const late = await client.enqueue('turn', {}, { agentId: 'a', ttl: 50, ...gpu });
    const next = await client.enqueue('turn', {}, { agentId: 'a' });
    await expect(late.result({ timeout: '60s' })).rejects.toThrow(/expired: it had not started/);
    expect(await next.result({ timeout: '60s' })).toBe('plain');
    expect(await pool.redis.zcard(pool.keys.of('expiring'))).toBe(0);
    expect(await poolStats(pool.redis, pool.keys)).toMatchObject({ finishedFailed: 1, cancelled: 0, unserved: 0 });
  });

  it('leave a task alone that started within its ttl', async ({ pool }) => {
    const held = new Signal();
    const started = new Signal();
    pool.worker(
      async () => {
        started.resolve();
        await held.seen;
        return 'done';
      },
      { workerId: 'gpu', labels: { gpu: 'a100' } },
    );
    const task = await pool.client().enqueue('turn', {}, { agentId: 'a', ttl: '10m', ...gpu });
    await started.seen;
    await pool.redis.zadd(pool.keys.of('expiring'), 'XX', 1, task.id);
    pool.dispatcher();
    await until(async () => (await pool.redis.zcard(pool.keys.of('expiring'))) === 0);
    held.resolve();
    expect(await task.result({ timeout: '60s' })).toBe('done');
  });

  it('are cancelled in the yard', async ({ pool }) => {
    const task = await pool.client().enqueue('turn', {}, gpu);
    expect(await task.cancel()).toBe('cancelled');
    expect((await poolStats(pool.redis, pool.keys)).tasks.yard).toBe(0);
  });

  it('move their agent from a home that lacks them, for the reason labels, and it stays there', async ({ pool }) => {
    pool.dispatcher();
    named(pool, 'plain');
    const client = pool.client();
    expect(await (await client.enqueue('turn', {}, { agentId: 'a' })).result()).toBe('plain');
    named(pool, 'gpu', { gpu: 'a100' });
    expect(await (await client.enqueue('turn', {}, { agentId: 'a', ...gpu })).result({ timeout: '60s' })).toBe('gpu');
    expect(await (await client.enqueue('turn', {}, { agentId: 'a' })).result({ timeout: '60s' })).toBe('gpu');
    const moves = (await journalOf(pool)).filter((entry) => entry.startsWith('event moved'));
    expect(moves).toHaveLength(1);
    expect(moves[0]).toMatch(/agent a from plain worker gpu fence \d+ reason labels/);
  });

  it('count when a retry looks for another worker: the only one that carries them runs it again', async ({ pool }) => {
    pool.dispatcher();
    named(pool, 'plain');
    pool.worker(
      async (job) => {
        if (job.attemptsMade === 0) throw new Error('a planned failure');
        return 'gpu, again';
      },
      { workerId: 'gpu', labels: { gpu: 'a100' } },
    );
    const options = { agentId: 'a', attempts: 2, retryOn: 'other-worker', ...gpu } as const;
    const task = await pool.client().enqueue('turn', {}, options);
    expect(await task.result({ timeout: '60s' })).toBe('gpu, again');
  });

  it('do not run from the lane of a worker that came back without them', async ({ pool }) => {
    const held = new Signal();
    const started = new Signal();
    const first = pool.worker(
      async () => {
        started.resolve();
        await held.seen;
      },
      { workerId: 'w', labels: { gpu: 'a100' }, lease: 600_000, heartbeat: 100_000 },
    );
    const client = pool.client();
    await client.enqueue('turn', {}, { agentId: 'a', ...gpu });
    await started.seen;
    await client.enqueue('turn', {}, { agentId: 'b', ...gpu });
    const { prefix } = pool.keys;
    const [waiting = ''] = await pool.redis.zrange(`${prefix}yard:gpu=a100`, '0', '-1');
    await pool.redis.zrem(`${prefix}yard:gpu=a100`, waiting);
    await pool.redis.zadd(pool.keys.lane('w', 'prioritized'), 1, waiting);
    await first.close(true);
    held.resolve();
    await pool.redis.zadd(pool.keys.of('leases'), 1, 'w');
    named(pool, 'w');
    const plain = await client.enqueue('turn', {}, { agentId: 'c' });
    expect(await plain.result({ timeout: '60s' })).toBe('w');
    await until(async () => (await stateOf(pool.redis, pool.keys, waiting)).state === 'yard');
    await until(async () => (await poolStats(pool.redis, pool.keys)).unserved === 2);
  });

  it('may come from a plain BullMQ queue, and are refused there as a failed task', async ({ pool }) => {
    pool.dispatcher();
    named(pool, 'plain');
    named(pool, 'gpu', { 'example.com/gpu': 'A 100, ä' });
    const events = await pool.events();
    const queue = pool.queue();
    const options = { labels: { 'example.com/gpu': 'A 100, ä' } } as object;
    const job = await queue.add('turn', { agentId: 'a' }, options);
    expect(await job.waitUntilFinished(events, 60_000)).toBe('gpu');
    const bad = await queue.add('turn', { agentId: 'a' }, { labels: ['gpu'] } as object);
    await expect(bad.waitUntilFinished(events, 60_000)).rejects.toThrow(/labels must be an object of at most 32 texts/);
  });

  it('are of at most 64 different sets at a time: another one is refused, a known one is not', async ({ pool }) => {
    const client = pool.client();
    const enqueue = (n: number) => client.enqueue('turn', {}, { labels: { model: `m-${n}` } });
    for (let n = 0; n < 64; n++) await enqueue(n);
    const refused = expect(enqueue(64)).rejects;
    await refused.toMatchObject({ code: 'INVALID_TASK', details: [{ field: 'labels' }] });
    await enqueue(3);
    expect((await poolStats(pool.redis, pool.keys)).tasks.yard).toBe(65);
  });

  it('of a set that was not used for long make room for others', async ({ pool }) => {
    const client = pool.client();
    const task = await client.enqueue('turn', {}, gpu);
    await client.enqueue('turn', {}, { labels: { gpu: 't4' } });
    await task.cancel();
    pool.dispatcher({ sessionTtl: 1 });
    await until(async () => (await pool.redis.zcard(pool.keys.of('labelsets'))) === 1);
    expect(await pool.redis.zrange(pool.keys.of('labelsets'), '0', '-1')).toEqual(['gpu=t4']);
  });
});
