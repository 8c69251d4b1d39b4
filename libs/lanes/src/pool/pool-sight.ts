import type { Redis } from 'ioredis';
import { type RecentDeaths, recentDeaths } from '../dispatcher/deaths.js';
import type { PoolKeys } from '../keys.js';
import { redisTimeMs } from '../redis/store-clock.js';
import { oldestAgeMs } from './lateness.js';
import { type PoolStats, poolStats } from './pool-stats.js';

/** A pool at one instant, as its leader judges it. */
export interface PoolSight {
  /** By the clock of Redis, in ms since 1970. */
  readonly nowMs: number;
  readonly stats: PoolStats;
  /** How long the task has waited that waits longest, in ms. */
  readonly oldestAgeMs: number;
  /** Whether its queue is paused, as BullMQ's `queue.pause()` does it. */
  readonly isPaused: boolean;
  readonly recent: RecentDeaths;
  /** Since when an operator drains workers, in ms since 1970, by worker. */
  readonly drainedSinceMs: ReadonlyMap<string, number>;
}

/** Reads it. Costs O(workers) reads in a few pipelines. */
export async function readSight(redis: Redis, keys: PoolKeys): Promise<PoolSight> {
  const stats = await poolStats(redis, keys);
  const [nowMs, age, drained, paused, recent] = await Promise.all([
    redisTimeMs(redis),
    oldestAgeMs(redis, keys, stats.workers),
    redis.hgetall(keys.of('drained')),
    redis.hexists(keys.of('meta'), 'paused'),
    recentDeaths(redis, keys),
  ]);
  const drainedSinceMs = new Map(Object.entries(drained).map(([worker, sinceMs]) => [worker, Number(sinceMs)]));
  return { nowMs, stats, oldestAgeMs: age, isPaused: paused === 1, recent, drainedSinceMs };
}
