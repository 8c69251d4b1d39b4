import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';

/** Names of the pools of a Redis that a dispatcher or a worker has served under a prefix, sorted. Costs a scan of the database. */
export async function poolsOf(redis: Redis, prefix: string): Promise<string[]> {
  const names = new Set<string>();
  for (const kind of ['leader', 'workers']) {
    for await (const keys of redis.scanStream({ match: `${prefix}:{*}:${kind}`, count: 1000 })) {
      for (const key of keys as string[]) names.add(key.slice(prefix.length + 2, key.lastIndexOf('}')));
    }
  }
  return [...names].sort();
}

/** Whether anybody has ever served a pool, added a task to it or told it something. */
export async function isKnownPool(redis: Redis, keys: PoolKeys): Promise<boolean> {
  return (await redis.exists(...['leader', 'journal', 'events', 'meta'].map(keys.of))) > 0;
}
