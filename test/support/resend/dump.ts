import type { PoolKeys } from '@shunt/lanes';
import type { Redis } from 'ioredis';

/** Everything of a pool, by key: its value and whether it expires. */
export type Dump = Readonly<Record<string, unknown>>;

/**
 * Reads every key of a pool. Left out are the ends of leases, which a renewal is meant to change, and `meta`, the settings that
 * each BullMQ queue object writes at a time of its own.
 */
export async function dumpPool(redis: Redis, keys: PoolKeys): Promise<Dump> {
  const names: string[] = [];
  for await (const batch of redis.scanStream({ match: `${keys.prefix}*`, count: 1000 })) names.push(...batch);
  const dump: Record<string, unknown> = {};
  for (const key of [...new Set(names)].sort()) {
    if (key === keys.of('meta')) continue;
    const expires = (await redis.pttl(key)) >= 0 ? ' (expires)' : '';
    dump[key.slice(keys.prefix.length) + expires] = await contentOf(redis, keys, key);
  }
  return dump;
}

async function contentOf(redis: Redis, keys: PoolKeys, key: string): Promise<unknown> {
  if (key === keys.of('leases')) return redis.zcard(key);
  const type = await redis.type(key);
  if (type === 'hash') {
    const { expiresAt, ...fields } = await redis.hgetall(key);
    return key === keys.of('leader') ? fields : { expiresAt, ...fields };
  }
  if (type === 'list') return redis.lrange(key, 0, -1);
  if (type === 'zset') return redis.zrange(key, '0', '-1', 'WITHSCORES');
  if (type === 'stream') return redis.xrange(key, '-', '+');
  if (type === 'set') return (await redis.smembers(key)).sort();
  return (await redis.getBuffer(key))?.toString('latin1');
}
