import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FaultProxy } from '../../support/fault-proxy.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
beforeEach(() => {
  pool = new SdkPool();
});
afterEach(() => pool.close());

/** A way to Redis whose open connections can fall silent without being closed. */
async function openWay(redisUrl: string) {
  const { port, hostname } = new URL(redisUrl);
  const links: [Socket, Socket][] = [];
  const server = createServer((caller) => {
    const redis = dial(Number(port), hostname);
    for (const socket of [caller, redis]) socket.on('error', () => undefined);
    caller.pipe(redis).pipe(caller);
    links.push([caller, redis]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    silence: () => {
      for (const [caller, redis] of links) {
        caller.unpipe(redis).resume();
        redis.unpipe(caller).resume();
      }
    },
    close: () => {
      for (const socket of links.flat()) socket.destroy();
      server.close();
    },
  };
}

it('a connection that falls silent is replaced, and its call is answered', async () => {
  const way = await openWay(pool.url);
  const client = pool.client({ redis: way.url, timeout: '30s' });
  await client.enqueue('turn', 0, { agentId: 'a' });
  way.silence();
  expect((await client.enqueue('turn', 1, { agentId: 'a', id: 'x' })).id).toBe('a~x');
  expect(await pool.redis.get(pool.keys.of('seq'))).toBe('2');
  client.close();
  way.close();
});

it('a lost reply is asked for again, and tells the same', async () => {
  const proxy = await FaultProxy.open(pool.url);
  const client = pool.client({ redis: proxy.url, timeout: '30s' });
  await client.enqueue('turn', 0, { agentId: 'a' });
  for (let n = 1; n <= 10; n++) {
    proxy.loseReplies();
    expect((await client.enqueue('turn', n, { agentId: 'a' })).deduplicated).toBe(false);
  }
  expect(proxy.lost).toBe(10);
  expect(await pool.redis.get(pool.keys.of('seq'))).toBe('11');
  client.close();
  await proxy.close();
});
