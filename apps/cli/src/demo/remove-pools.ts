import { poolKeys, queueNameOf } from '@shunt/lanes';
import type { Redis } from 'ioredis';

/** Deletes every key of a pool that nobody uses any more, in batches. `pools` is its name, or a pattern such as `demo-*`. */
export async function removePools(redis: Redis, pools: string): Promise<void> {
  const pattern = `${poolKeys(queueNameOf(pools)).prefix}*`;
  for await (const keys of redis.scanStream({ match: pattern, count: 1000 })) {
    if (keys.length > 0) await redis.unlink(...(keys as [string]));
  }
}
