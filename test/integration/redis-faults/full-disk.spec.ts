import { readInfo } from '@shunt/redis-server';
import { expect, it, onTestFinished } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { fillDisk, freeDisk } from '../../support/frail-disk.js';
import { holding } from '../../support/holding.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from '../sdk/sdk-pool.js';

/** A pool on a disk of its own with a client that has little time, and a way to see each attempt's reason to end. */
async function frailPool() {
  const redis = new RedisOfTest({ hasFrailDisk: true });
  await redis.up();
  const pool = new SdkPool(redis.url);
  onTestFinished(() => pool.close());
  pool.dispatcher();
  const refusals = () => pool.errors.filter(({ message }) => message.startsWith('MISCONF')).length;
  const isFull = async () => /^aof_last_write_status:err/m.test(await readInfo(redis.url));
  // An answer may come before: while an fsync is under way, Redis holds what it would write for up to two seconds.
  const isWritten = async () => /^aof_buffer_length:0\r?$/m.test(await readInfo(redis.url));
  return { redis, pool, refusals, isFull, isWritten };
}

it('a task that ends while the disk is full is settled when there is space, and ran once', async () => {
  const { redis, pool, refusals, isFull } = await frailPool();
  const { hold, started, mayEnd, runs } = holding();
  pool.serve({ hold }, { lease: '60s', slots: 2 });
  const client = pool.client({ timeout: '1s' });
  const first = await client.enqueue('hold', 1, { agentId: 'a' });
  const second = await client.enqueue('hold', 2, { agentId: 'a' });
  await started.seen;
  fillDisk(redis);
  const refusal = await refusalOf(() => refusedEnqueue(client));
  expect(await isFull()).toBe(true);
  expect([refusal.code, refusal.message]).toEqual(['STORE_UNAVAILABLE', expect.stringContaining('MISCONF')]);
  const before = refusals();
  mayEnd.resolve();
  await until(() => refusals() >= before + 2);
  freeDisk(redis);
  expect(await Promise.all([first.result(), second.result()])).toEqual([1, 2]);
  expect(runs).toEqual([1, 2]);
});

/** Enqueues until one is refused: Redis notices the full disk when it writes its AOF, a moment after the first. */
async function refusedEnqueue(client: { enqueue(task: string, input: unknown): Promise<unknown> }): Promise<void> {
  for (let n = 0; n < 10_000; n++) await client.enqueue('nobody', n);
}

it('a worker whose lease ends while the disk is full aborts, and its task runs again under a higher fence', async () => {
  const { redis, pool, isFull } = await frailPool();
  const started = new Signal();
  const aborted = new Signal<unknown>();
  const fences: number[] = [];
  pool.serve({
    hold: async (_, { agent, signal }) => {
      fences.push(Number(agent?.fence));
      if (fences.length > 1) return 'again';
      signal.addEventListener('abort', () => aborted.resolve(signal.reason));
      started.resolve();
      return aborted.seen;
    },
  });
  const client = pool.client({ timeout: '1s' });
  const task = await client.enqueue('hold', 1, { agentId: 'a' });
  await started.seen;
  fillDisk(redis);
  expect((await refusalOf(() => refusedEnqueue(client))).code).toBe('STORE_UNAVAILABLE');
  expect(await aborted.seen).toBe('lease-lost');
  expect(await isFull()).toBe(true);
  freeDisk(redis);
  expect(await task.result()).toBe('again');
  expect(fences[1]).toBeGreaterThan(fences[0] ?? Number.POSITIVE_INFINITY);
});

it('a Redis that crashes with a full disk has lost nothing that it wrote once it was free again', async () => {
  const { redis, pool, isWritten } = await frailPool();
  const client = pool.client({ timeout: '10s' });
  const task = await client.enqueue('turn', 1, { agentId: 'a' });
  fillDisk(redis);
  await refusalOf(() => refusedEnqueue(client));
  freeDisk(redis);
  const later = await enqueueAnyway(client);
  await until(isWritten);
  await redis.crash();
  await redis.up();
  pool.serve({ turn: (n: number) => n }, { slots: 5 });
  expect(await Promise.all([task.result(), later.result()])).toEqual([1, 2]);
});

async function enqueueAnyway(client: ReturnType<SdkPool['client']>) {
  for (;;) {
    try {
      return await client.enqueue('turn', 2, { agentId: 'a', id: 'later' });
    } catch (error) {
      expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    }
  }
}
