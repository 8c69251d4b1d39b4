import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { readAtOnce } from '../redis/read-at-once.js';
import { redisTimeMs } from '../redis/store-clock.js';

/** The task that has waited longest of those that are next. */
export interface OldestTask {
  readonly id: string;
  readonly state: 'intake' | 'yard' | 'lane';
  /** Whose lane, where it is in one. */
  readonly worker?: string;
  /** How long it has waited, in ms. */
  readonly ageMs: number;
}

/**
 * The oldest of the tasks that are next in the intake, each yard and each lane, null where none waits. It counts from enqueue, from when the
 * task was due, or from its last attempt. What waits behind its agent's current task is not late. Costs O(workers + label sets) reads in two
 * pipelines.
 */
export async function oldestTask(
  redis: Redis,
  keys: PoolKeys,
  workers: readonly { readonly id: string }[],
): Promise<OldestTask | null> {
  const labelSets = await redis.zrange(keys.of('labelsets'), '0', '-1');
  const queues: readonly Queue[] = [
    { state: 'intake', key: keys.of('prioritized') },
    { state: 'intake', key: keys.of('arrived') },
    ...['', ...labelSets].map((labels): Queue => ({ state: 'yard', key: keys.yard(labels) })),
    ...workers.map(({ id }): Queue => ({ state: 'lane', worker: id, key: keys.lane(id, 'prioritized') })),
  ];
  const [nowMs, [intake = [], ...heads]] = await Promise.all([
    redisTimeMs(redis),
    readAtOnce<string[]>(redis, (pipeline) => {
      pipeline.lrange(keys.of('wait'), -1, -1);
      for (const { key } of queues) pipeline.zrange(key, '0', '0');
    }),
  ]);
  const places: Place[] = [
    ...intake.map((id): Place => ({ id, state: 'intake' })),
    ...queues.flatMap(({ key: _, ...place }, i) => (heads[i] ?? []).map((id): Place => ({ id, ...place }))),
  ];
  const since = await readAtOnce<(string | null)[]>(redis, (pipeline) => {
    for (const { id } of places) pipeline.hmget(keys.of(id), 'timestamp', 'delay', 'processedOn');
  });
  const waiting = places.flatMap((place, i): OldestTask[] => {
    const sinceMs = waitingSinceMs(since[i] ?? []);
    return sinceMs === null ? [] : [{ ...place, ageMs: Math.max(0, nowMs - sinceMs) }];
  });
  return waiting.reduce<OldestTask | null>((oldest, one) => (one.ageMs > (oldest?.ageMs ?? -1) ? one : oldest), null);
}

/** How long that one has waited, in ms; 0 where none waits. */
export async function oldestAgeMs(...asked: Parameters<typeof oldestTask>): Promise<number> {
  return (await oldestTask(...asked))?.ageMs ?? 0;
}

type Place = Omit<OldestTask, 'ageMs'>;
type Queue = Omit<Place, 'id'> & { readonly key: string };

/** Since when a task waits, null for one that went on meanwhile. */
function waitingSinceMs([timestamp, delay, processedOn]: readonly (string | null)[]): number | null {
  if (timestamp == null) return null;
  return Math.max(Number(timestamp) + Number(delay ?? 0), Number(processedOn ?? 0));
}
