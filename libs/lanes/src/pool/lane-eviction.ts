import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { leaveTime } from '../leave-time.js';
import type { Orderer } from '../orderer.js';
import { runScript } from '../redis/script-runner.js';
import { type DrainProgress, drainProgress, unknownWorker } from './worker-orders.js';

/** What an eviction moves. */
export interface EvictionPlan extends DrainProgress {
  /** Tasks in the worker's lane that go to others. */
  readonly waiting: number;
  /** Tasks in its lane that stay: a pin or `retryOn` wants them there, or nobody else may run them. */
  readonly staying: number;
}

/** Tasks of one call: a few ms of Redis. */
const batchTasks = 100;

/** What evicting a worker's waiting tasks would move. Changes nothing. @throws ShuntError NOT_FOUND for a worker nobody knows */
export async function evictionPlan(redis: Redis, keys: PoolKeys, worker: string): Promise<EvictionPlan> {
  const { running, others } = await drainProgress(redis, keys, worker);
  const { moved, stayed } = await clearLane(redis, keys, worker, null);
  return { waiting: moved, staying: stayed, running, others };
}

/**
 * Gives the tasks that wait for a worker to others, which receives as before; what it runs ends there. Resolves to how many it moved.
 * @throws ShuntError NOT_FOUND for a worker nobody knows
 */
export async function evictWaiting(redis: Redis, keys: PoolKeys, worker: string, orderer: Orderer): Promise<number> {
  return (await clearLane(redis, keys, worker, orderer)).moved;
}

/** orderer: null only to tell what would move. */
async function clearLane(redis: Redis, keys: PoolKeys, worker: string, orderer: Orderer | null) {
  const lane = keys.lane(worker, 'prioritized');
  const ids = await redis.zrange(lane, '0', '-1');
  const names = [lane, ...['workers', 'routable', 'journal'].map(keys.of)];
  const { by, reason = '' } = orderer ?? { by: '' };
  const sum = { moved: 0, stayed: 0 };
  // Once for an empty lane as well: whether there is such a worker is for the script to say.
  for (let i = 0; i === 0 || i < ids.length; i += batchTasks) {
    const args = [keys.prefix, worker, orderer === null ? '1' : '0', by, reason, ...ids.slice(i, i + batchTasks)];
    const sent = keys.of(`sent:${randomUUID()}`);
    const sentAtMs = performance.now();
    const reply = await runScript(redis, 'clearLane', [...names, sent], args);
    const [moved, stayed] = reply as [number, number];
    if (moved < 0) throw unknownWorker(worker);
    sum.moved += moved;
    sum.stayed += stayed;
    if (i + batchTasks < ids.length) await leaveTime(sentAtMs);
  }
  return sum;
}
