import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureRedis } from './ensure-redis.js';
import { findFreePort } from './free-port.js';
import { inspectRedis } from './inspect-redis.js';
import { readInfo } from './read-info.js';
import type { EnsureRedisOptions, RedisServer } from './redis-server.js';

let base: string;
const running: RedisServer[] = [];
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'shunt-spec-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  rmSync(base, { recursive: true });
});

async function start(options: EnsureRedisOptions = {}): Promise<RedisServer> {
  const server = await ensureRedis({ requireNative: true, ignoreEnvironment: true, ...options });
  running.push(server);
  return server;
}

async function withClient<T>(server: RedisServer, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(server.url);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

describe('ensureRedis', () => {
  it('starts a durable server that evicts nothing', async () => {
    const server = await start();
    expect(server).toMatchObject({ kind: 'native', host: '127.0.0.1', isDurable: true });
    const facts = inspectRedis(await readInfo(server.url));
    expect(facts).toEqual({
      version: server.version,
      maxmemoryPolicy: 'noeviction',
      appendonly: true,
      isWriteFailing: false,
    });
  });

  it('starts a server without an AOF when asked to', async () => {
    const server = await start({ durable: false });
    expect(server.isDurable).toBe(false);
    expect(inspectRedis(await readInfo(server.url)).appendonly).toBe(false);
  });

  it('keeps data over stop and start in the same directory', async () => {
    const dataDir = join(base, 'data');
    const first = await start({ dataDir });
    await withClient(first, (client) => client.set('kept', 'yes'));
    await first.stop();
    const second = await start({ dataDir });
    expect(second.dataDir).toBe(dataDir);
    expect(await withClient(second, (client) => client.get('kept'))).toBe('yes');
  });

  it('keeps data over SIGKILL and a start on the same port', async () => {
    const first = await start({ dataDir: join(base, 'data') });
    await withClient(first, (client) => client.set('kept', 'yes'));
    first.kill('SIGKILL');
    await first.exited;
    const second = await start({ dataDir: join(base, 'data'), port: first.port });
    expect(await withClient(second, (client) => client.get('kept'))).toBe('yes');
  });

  it('gives a second copy another port and another directory', async () => {
    const dataDir = join(base, 'data');
    const [first, second] = await Promise.all([start({ dataDir }), start({ dataDir })]);
    expect(first.port).not.toBe(second.port);
    expect([first.dataDir, second.dataDir].sort()).toEqual([dataDir, `${dataDir}-2`]);
  });

  it('fails when the wanted port is taken', async () => {
    const { port } = await start({ durable: false });
    await expect(start({ port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
  });

  it('removes its temporary directory at stop, and may be stopped twice', async () => {
    const server = await start();
    await server.stop();
    await server.stop();
    await server.exited;
    expect(existsSync(server.dataDir ?? '')).toBe(false);
  });

  it('ends a server that does not heed SIGTERM', async () => {
    const server = await start({ durable: false });
    server.kill('SIGSTOP');
    await server.stop();
    await expect(readInfo(server.url)).rejects.toThrow('ECONNREFUSED');
  });

  it('lets more arguments win', async () => {
    const server = await start({ args: ['--maxmemory-policy', 'allkeys-lru'] });
    expect(inspectRedis(await readInfo(server.url)).maxmemoryPolicy).toBe('allkeys-lru');
  });

  it('tells the last words of a server that does not come up', async () => {
    await expect(start({ args: ['--no-such-setting', '1'] })).rejects.toThrow('no-such-setting');
  });

  it('uses the Redis that SHUNT_REDIS_URL names and does not stop it', async () => {
    const own = await start({ durable: false });
    const external = await ensureRedis({ environment: { SHUNT_REDIS_URL: own.url } });
    expect(external).toMatchObject({ kind: 'external', port: own.port, version: own.version, isDurable: false });
    await external.stop();
    expect(() => external.kill('SIGTERM')).toThrow('not ours');
    expect(await withClient(own, (client) => client.ping())).toBe('PONG');
  });

  it('names the address but not the password of a SHUNT_REDIS_URL that does not answer', async () => {
    const port = await findFreePort();
    const failure = ensureRedis({ environment: { SHUNT_REDIS_URL: `redis://user:secret@127.0.0.1:${port}` } });
    await expect(failure).rejects.toThrow(`127.0.0.1:${port}, but nothing usable answers`);
    await expect(failure).rejects.not.toThrow('secret');
  });

  it.each(['secret-without-scheme', 'http://127.0.0.1'])('refuses %s as a SHUNT_REDIS_URL', async (url) => {
    await expect(ensureRedis({ environment: { SHUNT_REDIS_URL: url } })).rejects.toThrow(/redis:\/\//);
  });

  it('gives up on a SHUNT_REDIS_URL that accepts but never answers', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const failure = ensureRedis({ environment: { SHUNT_REDIS_URL: `redis://127.0.0.1:${port}` } });
    await expect(failure).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    silent.close();
  });

  it('names the command to run where no native server is to be had', async () => {
    const failure = ensureRedis({ requireNative: true, environment: { PATH: base } });
    await expect(failure).rejects.toThrow(/no redis-server.*no apt-get.*Run ".*install redis/s);
  });
});
