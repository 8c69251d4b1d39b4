import {
  type AlertStatus,
  alertStatuses,
  type JournalEntry,
  journalBehind,
  journalPage,
  leaderOf,
  type OldestTask,
  oldestTask,
  type PoolKeys,
  type PoolStats,
  poolStats,
} from '@shunt/lanes';
import type { Redis } from 'ioredis';

/** What one look at a pool reads. */
export interface Sample {
  /** When, by a monotonic clock and in ms since 1970. */
  readonly monotonicMs: number;
  readonly atMs: number;
  readonly stats: PoolStats;
  readonly oldest: OldestTask | null;
  readonly leader: string | null;
  /** Those that fire, or will. */
  readonly alerts: readonly AlertStatus[];
  /** Behind the entry that was asked for, oldest first. */
  readonly entries: readonly JournalEntry[];
}

/** Entries that a look reads of the journal; of a longer flood the newest. */
const maxEntries = 1000;
/** Rare entries that the first look reads. */
const firstEntries = 50;

/** Looks at a pool: what happened behind an entry of the journal, and how all is. */
export async function takeSample(redis: Redis, keys: PoolKeys, lastEntry: string | null): Promise<Sample> {
  const [stats, leader, alerts, entries] = await Promise.all([
    poolStats(redis, keys),
    leaderOf(redis, keys),
    alertStatuses(redis, keys),
    newEntries(redis, keys, lastEntry),
  ]);
  const oldest = await oldestTask(
    redis,
    keys,
    stats.workers.filter(({ waiting }) => waiting > 0),
  );
  const active = alerts.filter(({ state }) => state === 'firing' || state === 'pending');
  return { monotonicMs: performance.now(), atMs: Date.now(), stats, oldest, leader, alerts: active, entries };
}

async function newEntries(redis: Redis, keys: PoolKeys, last: string | null): Promise<readonly JournalEntry[]> {
  if (last === null) {
    const { entries } = await journalPage(redis, keys, { isRareOnly: true }, firstEntries);
    return [...entries].reverse();
  }
  const behind = await journalBehind(redis, keys, maxEntries, last);
  if (behind.length < maxEntries) return behind;
  const { entries } = await journalPage(redis, keys, {}, maxEntries);
  return [...entries].reverse();
}
