import { type EnsureRedisOptions, ensureRedis, type RedisServer } from '@shunt/redis-server';
import { Redis } from 'ioredis';

/** A Redis that belongs to one test or suite. */
export interface TestRedis extends RedisServer {
  /** Deletes every key of every database. */
  flush(): Promise<void>;
}

/**
 * Starts a native Redis on a free port with a temporary directory, removed by `stop`. SHUNT_REDIS_URL is ignored:
 * a test that flushes must never meet a Redis with someone's data.
 *
 * @param options `durable` defaults to false: a test that restarts its server says so, and names a `dataDir`
 */
export async function startTestRedis(
  options: Pick<EnsureRedisOptions, 'durable' | 'dataDir' | 'port' | 'args' | 'environment'> = {},
): Promise<TestRedis> {
  const server = await ensureRedis({ durable: false, ...options, requireNative: true, ignoreEnvironment: true });
  return { ...server, flush: () => flush(server.url) };
}

async function flush(url: string): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    await client.flushall();
  } finally {
    client.disconnect();
  }
}
