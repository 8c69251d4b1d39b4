import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { oldestAgeMs } from '../pool/lateness.js';
import { poolStats } from '../pool/pool-stats.js';
import { redisTimeMs } from '../redis/store-clock.js';
import { loadTasks } from './scale-facts.js';
import { readScale } from './scale-store.js';

/** How many workers a pool has and should have. Flat, so that an autoscaler can read it. */
export interface ScaleStatus {
  /** Workers that receive. */
  readonly workers: number;
  /** What a scaler goes by: the wish, else the advice. */
  readonly target: number;
  /** The leader's advice; the workers there are before the first. */
  readonly desired: number;
  /** What somebody wishes, null to leave it to the advice. */
  readonly wished: number | null;
  /** Workers that are being taken out. */
  readonly leaving: number;
  /** Tasks that run, or wait and could run on any worker. */
  readonly loadTasks: number;
  /** Of the workers that receive. */
  readonly slots: number;
  readonly oldestAgeMs: number;
  /** Whether a scaler follows the wish; without one a wish is stored and nobody starts or stops workers. */
  readonly hasScaler: boolean;
}

/** Reads it. */
export async function scaleStatus(redis: Redis, keys: PoolKeys): Promise<ScaleStatus> {
  const [stats, { advice, wish, victims, scalerUntilMs }, nowMs] = await Promise.all([
    poolStats(redis, keys),
    readScale(redis, keys),
    redisTimeMs(redis),
  ]);
  const up = stats.workers.filter(({ isRoutable }) => isRoutable);
  const desired = advice?.desired ?? up.length;
  return {
    workers: up.length,
    target: wish ?? desired,
    desired,
    wished: wish,
    leaving: victims.length,
    loadTasks: loadTasks(stats),
    slots: up.reduce((sum, { slots }) => sum + slots, 0),
    oldestAgeMs: await oldestAgeMs(redis, keys, stats.workers),
    hasScaler: scalerUntilMs > nowMs,
  };
}
