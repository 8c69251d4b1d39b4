import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestRedis, type TestRedis } from '../../support/redis.js';
import { SdkPool } from './sdk-pool.js';

/** A Redis of its own: what it counts is this file's alone. */
let server: TestRedis;
let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());
beforeEach(async () => {
  pool = new SdkPool(server.url);
  client = pool.client();
  await client.enqueue('warm-up', null);
});
afterEach(() => pool.close());

/** How many script calls Redis got while something was done. */
async function scriptCallsOf(work: () => Promise<unknown>): Promise<number> {
  const before = await scriptCalls();
  await work();
  return (await scriptCalls()) - before;
}

async function scriptCalls(): Promise<number> {
  const stats = await pool.redis.info('commandstats');
  return Number(/cmdstat_fcall:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

it('calls of one tick share one round trip', async () => {
  const call = (n: number) => client.enqueue('turn', n, { agentId: `a${n}` });
  expect(await scriptCallsOf(() => Promise.all(Array.from({ length: 200 }, (_, n) => call(n))))).toBe(1);
});

it('calls made while a batch is on its way share the next one', async () => {
  const calls = await scriptCallsOf(async () => {
    const first = client.enqueue('turn', 0);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    await Promise.all([first, ...Array.from({ length: 50 }, (_, n) => client.enqueue('turn', n))]);
  });
  expect(calls).toBe(2);
});

it('a batch has at most 256 tasks', async () => {
  const items = Array.from({ length: 257 }, (_, n) => ({ task: 'turn', input: n }));
  expect(await scriptCallsOf(() => client.enqueueMany(items))).toBe(2);
});

it('a batch has at most a million characters of input', async () => {
  const items = Array.from({ length: 9 }, () => ({ task: 'turn', input: 'x'.repeat(250_000) }));
  expect(await scriptCallsOf(() => client.enqueueMany(items))).toBe(3);
  expect(await pool.redis.zcard(pool.keys.of('yard'))).toBe(10);
});

it('calls that are refused cost no round trip', async () => {
  const items = Array.from({ length: 9 }, () => ({ task: '', input: 1 }));
  expect(await scriptCallsOf(() => client.enqueueMany(items))).toBe(0);
});
