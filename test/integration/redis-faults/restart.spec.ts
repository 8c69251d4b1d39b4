import { readKept } from '@shunt/lanes';
import type { TaskContext } from '@shunt/sdk';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from '../sdk/sdk-pool.js';

/** A pool with a Redis of its own, and a worker whose tasks run until they are let go; each start is written down. */
async function held(args: readonly string[], slots: number) {
  const redis = new RedisOfTest({ args });
  await redis.up();
  const pool = new SdkPool(redis.url);
  pool.redis.on('error', () => undefined);
  onTestFinished(() => pool.close());
  const starts: string[] = [];
  const signals: AbortSignal[] = [];
  const gates = new Map<string, Signal>();
  const gate = (name: string) => gates.get(name) ?? gates.set(name, new Signal()).get(name) ?? new Signal();
  const dispatcher = pool.dispatcher();
  await until(() => dispatcher.leadership.term > 0);
  const fences: number[] = [];
  const hold = async (name: string, { signal, agent }: TaskContext) => {
    starts.push(name);
    fences.push(agent?.fence ?? 0);
    signals.push(signal);
    await Promise.race([gate(name).seen, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
    return name;
  };
  pool.serve({ hold: hold as never }, { id: 'w1', lease: '30s', slots });
  const client = pool.client({ timeout: '1s' });
  const start = async (name: string) => client.enqueue('hold', name, { agentId: name, id: name });
  const started = (name: string, times = 1) => until(() => starts.filter((other) => other === name).length === times);
  return { redis, pool, client, starts, fences, signals, gate, start, started };
}

/** Redis answers once a write is on the disk, so what it said before its crash holds. */
const alwaysSynced = ['--appendfsync', 'always'];

describe('a Redis that crashes and comes back with its AOF', () => {
  it('has every acknowledged task, and what ran through it ends once', async () => {
    const { redis, client, starts, signals, gate, start, started } = await held(alwaysSynced, 1);
    const running = await start('a');
    await started('a');
    const waiting = await start('b');
    await redis.crash();
    expect((await refusalOf(() => client.enqueue('hold', 'c', { id: 'c' }))).code).toBe('STORE_UNAVAILABLE');
    gate('a').resolve();
    gate('b').resolve();
    await redis.up();
    expect(await Promise.all([running.result(), waiting.result()])).toEqual(['a', 'b']);
    expect(starts).toEqual(['a', 'b']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  });
});

describe('a Redis that loses power', () => {
  it('has lost what it acknowledged in the last moment alone, under fences that grow', async () => {
    const timestamps = [...alwaysSynced, '--aof-timestamp-enabled', 'yes'];
    const { redis, pool, client, starts, fences, gate, start, started } = await held(timestamps, 2);
    const secondOfRedis = async () => Number((await pool.redis.time())[0]);
    const running = await start('a');
    await started('a');
    const waiting = await start('b');
    const keptS = await secondOfRedis();
    await until(async () => (await secondOfRedis()) > keptS);
    gate('a').resolve();
    expect(await running.result()).toBe('a');
    const lost = await start('c');
    await redis.crash();
    await redis.losePower(keptS);
    await redis.up();
    await started('a', 2);
    gate('b').resolve();
    expect(await Promise.all([running.result(), waiting.result()])).toEqual(['a', 'b']);
    expect((await refusalOf(() => lost.result())).code).toBe('NOT_FOUND');
    const [first = 0, again = 0] = fences.filter((_, nth) => starts[nth] === 'a');
    expect(again).toBeGreaterThan(first);
    gate('d').resolve();
    expect(await (await client.enqueue('hold', 'd', { agentId: 'a' })).result()).toBe('d');
  });
});

describe('a Redis that comes back without data', () => {
  it('is said to, and takes tasks again', async () => {
    const { redis, pool, client, gate, start, started } = await held([], 1);
    const lost = await start('a');
    await started('a');
    await redis.crash();
    redis.loseData();
    await redis.up();
    expect((await refusalOf(() => lost.result())).code).toBe('NOT_FOUND');
    gate('b').resolve();
    const next = await client.enqueue('hold', 'b', { agentId: 'b' });
    expect(await next.result()).toBe('b');
    await until(() => pool.errors.some(({ message }) => message.startsWith('Redis has lost the data of')));
    await until(async () => (await readKept(pool.redis, pool.keys)).data_lost?.state === 'firing');
  });
});

describe('a Redis that comes back with older data, as a replica that lagged has', () => {
  const withoutAof = ['--appendonly', 'no'];

  it('has a task run again whose end it does not know', async () => {
    const { redis, pool, gate, start, started } = await held(withoutAof, 2);
    const task = await start('a');
    await started('a');
    await pool.redis.save();
    gate('a').resolve();
    expect(await task.result()).toBe('a');
    await redis.crash();
    await redis.up();
    await started('a', 2);
    expect(await task.result()).toBe('a');
    expect(await pool.redis.hlen(pool.keys.lane('w1', 'slots'))).toBe(0);
  });

  it('has tasks run again whose start it does not know', async () => {
    const { redis, pool, gate, start, started } = await held(withoutAof, 1);
    const [first, second] = [await start('a'), await start('b')];
    await started('a');
    await pool.redis.save();
    gate('a').resolve();
    await started('b');
    await redis.crash();
    await redis.up();
    await started('a', 2);
    gate('b').resolve();
    expect(await Promise.all([first?.result(), second?.result()])).toEqual(['a', 'b']);
  });
});
