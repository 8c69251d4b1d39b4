import { Redis } from 'ioredis';
import { it as base, describe, expect, inject } from 'vitest';
import { FaultProxy } from './fault-proxy.js';
import { until } from './pool-test.js';

const it = base.extend<{ proxy: FaultProxy; redis: Redis }>({
  proxy: async ({ task: _task }, use) => {
    const proxy = await FaultProxy.open(inject('redisUrl'));
    await use(proxy);
    await proxy.close();
  },
  redis: async ({ proxy }, use) => {
    const redis = new Redis(proxy.url, { retryStrategy: () => 5, maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    await redis.ping();
    await use(redis);
    redis.disconnect();
  },
});

const soon = <Value>(call: Promise<Value>) =>
  Promise.race([call, new Promise<'nothing'>((resolve) => setTimeout(resolve, 50, 'nothing'))]);

describe('a faulty network', () => {
  it('that holds requests has them carried out when it lets go', async ({ proxy, redis }) => {
    proxy.become({ requests: { isHeld: true } });
    const answer = redis.echo('a');
    expect(await soon(answer)).toBe('nothing');
    expect(proxy.figures.heldBytes).toBeGreaterThan(0);
    proxy.become({});
    expect(await answer).toBe('a');
  });

  it('that holds requests from one on passes those before it', async ({ proxy, redis }) => {
    proxy.become({ requests: { isHeldFrom: (chunk) => chunk.includes('second') } });
    expect(await redis.echo('first')).toBe('first');
    const answers = ['second', 'third'].map((word) => redis.echo(word));
    expect(await soon(Promise.race(answers))).toBe('nothing');
    proxy.become({});
    expect(await Promise.all(answers)).toEqual(['second', 'third']);
  });

  it('that holds replies has carried out what was asked', async ({ proxy, redis }) => {
    const direct = new Redis(inject('redisUrl'));
    const key = `fault-proxy-${process.pid}`;
    proxy.become({ replies: { isHeld: true } });
    const answer = redis.set(key, '1', 'PX', 100_000);
    await until(async () => (await direct.get(key)) === '1');
    expect(await soon(answer)).toBe('nothing');
    proxy.become({});
    expect(await answer).toBe('OK');
    direct.disconnect();
  });

  it('that is late keeps the order', async ({ proxy, redis }) => {
    proxy.become({ requests: { latencyMs: 20 }, replies: { latencyMs: 20 } });
    const sentAtMs = performance.now();
    const answers = await Promise.all(['a', 'b', 'c'].map((word) => redis.echo(word)));
    expect(performance.now() - sentAtMs).toBeGreaterThan(39);
    expect(answers).toEqual(['a', 'b', 'c']);
    expect(proxy.figures.lateChunks).toBeGreaterThan(1);
  });

  it('that slices passes everything on byte by byte', async ({ proxy, redis }) => {
    proxy.become({ requests: { isSliced: true }, replies: { isSliced: true } });
    const words = Array.from({ length: 20 }, (_, n) => `word ${n} `.repeat(20));
    expect(await Promise.all(words.map((word) => redis.echo(word)))).toEqual(words);
    expect(proxy.figures.slicedBytes).toBeGreaterThan(2 * words.join('').length);
  });

  it('that resets connections is met by new ones', async ({ proxy, redis }) => {
    proxy.reset();
    expect(await redis.echo('again')).toBe('again');
    expect(proxy.resets).toBe(1);
  });

  it('holds connections that are opened meanwhile as well', async ({ proxy }) => {
    proxy.become({ requests: { isHeld: true } });
    const late = new Redis(proxy.url, { maxRetriesPerRequest: null });
    expect(await soon(late.ping())).toBe('nothing');
    late.disconnect();
  });
});
