import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { redisTimeMs } from '../redis/store-clock.js';
import { endWaiting } from '../tasks/cancel.js';

/** Reason of a task whose `ttl` was over before any worker that may run it came to it. */
const expiredReason = 'expired: it had not started before its ttl was over, and waited for a worker that may run it';
const limit = 100;

/**
 * Ends tasks with labels, or of pinned agents, that did not start within their `ttl`, up to 100 of them: maybe no worker ever
 * comes to them. All others are ended by the worker that comes to them. A second leader that does the same changes nothing.
 */
export async function expireUnserved(redis: Redis, keys: PoolKeys, sessionTtlMs: number): Promise<void> {
  const nowMs = await redisTimeMs(redis);
  const ids = await redis.zrangebyscore(keys.of('expiring'), '-inf', nowMs, 'LIMIT', 0, limit);
  for (const id of ids) {
    await endWaiting(redis, keys, id, { reason: expiredReason, sessionTtlMs, nonce: randomUUID(), isExpiry: true });
    await redis.zrem(keys.of('expiring'), id);
  }
}
