import { poolKeys, queueNameOf } from '@shunt/lanes';
import type { Redis } from 'ioredis';

/** Deletes every key of a pool, in batches. Only for a pool that nobody uses any more. */
export async function removePool(redis: Redis, pool: string): Promise<void> {
  if (redis.status !== 'ready') return;
  const pattern = `${poolKeys(queueNameOf(pool)).prefix}*`;
  for await (const keys of redis.scanStream({ match: pattern, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...(keys as [string]));
  }
}
