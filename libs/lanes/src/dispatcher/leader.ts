import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { redisTimeMs } from '../redis/store-clock.js';

/** The id of the dispatcher that leads a pool, null while none does. */
export async function leaderOf(redis: Redis, keys: PoolKeys): Promise<string | null> {
  const [[id, expiresAt], nowMs] = await Promise.all([
    redis.hmget(keys.of('leader'), 'id', 'expiresAt'),
    redisTimeMs(redis),
  ]);
  return id && Number(expiresAt ?? 0) > nowMs ? id : null;
}
