import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { TaskState } from '../moves.js';

/** Where a listed task is, and what sorts it there: its score and its id. */
export interface Position {
  readonly score: number;
  readonly id: string;
}

/** One sorted piece of a list of tasks. Sections are read in the order of tasks' lives, so that one that goes on is not missed. */
export interface Section {
  readonly state: TaskState['state'];
  readonly worker?: string;
  /** Up to `count` positions behind another one, or the first. */
  readonly read: (after: Position | null, count: number) => Promise<readonly Position[]>;
}

/** The tasks of a sorted set; `isNewestFirst` turns it round. Ties sort by id, as Redis has them. */
export function sortedSet(redis: Redis, key: string, isNewestFirst = false): Section['read'] {
  return async (after, count) => {
    const from = after === null ? (isNewestFirst ? '+inf' : '-inf') : String(after.score);
    for (let offset = 0; ; offset += count) {
      const flat = isNewestFirst
        ? await redis.zrevrangebyscore(key, from, '-inf', 'WITHSCORES', 'LIMIT', offset, count)
        : await redis.zrangebyscore(key, from, '+inf', 'WITHSCORES', 'LIMIT', offset, count);
      const page = Array.from({ length: flat.length / 2 }, (_, n) => {
        return { id: String(flat[2 * n]), score: Number(flat[2 * n + 1]) };
      });
      const left = page.filter((one) => after === null || isBehind(one, after, isNewestFirst));
      if (left.length > 0 || page.length < count) return left;
    }
  };
}

/** The tasks in a worker's slots, by id. */
export function slots(redis: Redis, keys: PoolKeys, worker: string): Section['read'] {
  return async (after, count) => {
    const ids = (await redis.hvals(keys.lane(worker, 'slots'))).sort();
    const left = ids.filter((id) => after === null || id > after.id).slice(0, count);
    return left.map((id) => ({ id, score: 0 }));
  };
}

/** The tasks of BullMQ's waiting list, oldest first. One that left it took all older ones with it. */
export function waitingList(redis: Redis, key: string): Section['read'] {
  return async (after, count) => {
    const found = after === null ? null : await redis.lpos(key, after.id);
    const end = found === null ? -1 : found - 1;
    if (found === 0) return [];
    const ids = await redis.lrange(key, found === null ? -count : Math.max(0, found - count), end);
    return ids.reverse().map((id) => ({ id, score: 0 }));
  };
}

function isBehind(one: Position, other: Position, isNewestFirst: boolean): boolean {
  if (one.score !== other.score) return one.score > other.score !== isNewestFirst;
  return Buffer.compare(Buffer.from(one.id), Buffer.from(other.id)) > 0 !== isNewestFirst && one.id !== other.id;
}
