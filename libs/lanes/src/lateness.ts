import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import { redisTimeMs } from './store-clock.js';

/**
 * How long the oldest of the tasks has waited that are next in the intake, each yard and each lane, in ms; 0 where none waits. It counts from
 * enqueue, from when the task was due, or from its last attempt. What waits behind its agent's current task is not late. Costs
 * O(workers + label sets) reads in two pipelines.
 */
export async function oldestAgeMs(
  redis: Redis,
  keys: PoolKeys,
  workers: readonly { readonly id: string }[],
): Promise<number> {
  const labelSets = await redis.zrange(keys.of('labelsets'), '0', '-1');
  const queues = [
    keys.of('prioritized'),
    keys.of('arrived'),
    ...['', ...labelSets].map(keys.yard),
    ...workers.map(({ id }) => keys.lane(id, 'prioritized')),
  ];
  const [nowMs, intake, ...heads] = await Promise.all([
    redisTimeMs(redis),
    redis.lrange(keys.of('wait'), -1, -1),
    ...queues.map((queue) => redis.zrange(queue, '0', '0')),
  ]);
  const ids = [...intake, ...heads.flat()];
  const since = await Promise.all(ids.map((id) => waitingSinceMs(redis, keys, id)));
  return Math.max(0, ...since.map((ms) => (ms === null ? 0 : nowMs - ms)));
}

/** Since when a task waits, null for one that went on meanwhile. */
async function waitingSinceMs(redis: Redis, keys: PoolKeys, id: string): Promise<number | null> {
  const [timestamp, delay, processedOn] = await redis.hmget(keys.of(id), 'timestamp', 'delay', 'processedOn');
  if (timestamp == null) return null;
  return Math.max(Number(timestamp) + Number(delay ?? 0), Number(processedOn ?? 0));
}
