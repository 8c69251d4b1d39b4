import {
  type AlertStatus,
  agentIdOf,
  alertStatuses,
  isRare,
  type JournalEntry,
  journalBehind,
  journalPage,
  leaderOf,
  oldestTask,
  type PoolKeys,
  type PoolStats,
  poolStats,
} from '@shunt/lanes';
import type { Redis } from 'ioredis';
import type { Overview } from './live-event.js';

/** What one look at a pool reads. */
export interface Sample {
  /** When, by a monotonic clock and in ms since 1970. */
  readonly monotonicMs: number;
  readonly atMs: number;
  readonly stats: PoolStats;
  readonly oldest: Overview['oldest'];
  readonly leader: string | null;
  /** Those that fire, or will. */
  readonly alerts: readonly AlertStatus[];
  /** Behind the entry that was asked for, oldest first. */
  readonly entries: readonly JournalEntry[];
}

/** Entries that a look reads of the journal; of a longer flood the newest. */
const maxEntries = 1000;
/** Rare entries that the first look reads, and pages that it looks for them in. */
const firstEntries = 50;
const firstPages = 10;

/** Looks at a pool: what happened behind an entry of the journal, and how all is. */
export async function takeSample(redis: Redis, keys: PoolKeys, lastEntry: string | null): Promise<Sample> {
  const [stats, leader, alerts, entries] = await Promise.all([
    poolStats(redis, keys),
    leaderOf(redis, keys),
    alertStatuses(redis, keys),
    newEntries(redis, keys, lastEntry),
  ]);
  const busy = stats.workers.filter(({ waiting }) => waiting > 0);
  const late = await oldestTask(redis, keys, busy);
  const oldest = late && { ...late, agentId: await agentIdOf(redis, keys, late.id) };
  const active = alerts.filter(({ state }) => state === 'firing' || state === 'pending');
  return { monotonicMs: performance.now(), atMs: Date.now(), stats, oldest, leader, alerts: active, entries };
}

async function newEntries(redis: Redis, keys: PoolKeys, last: string | null): Promise<readonly JournalEntry[]> {
  if (last === null) return rareEntries(redis, keys);
  const behind = await journalBehind(redis, keys, maxEntries, last);
  if (behind.length < maxEntries) return behind;
  const { entries } = await journalPage(redis, keys, {}, maxEntries);
  return [...entries].reverse();
}

/** The rare entries of the past, oldest first, behind them the newest entry of all: where the next look goes on. */
async function rareEntries(redis: Redis, keys: PoolKeys): Promise<readonly JournalEntry[]> {
  const newest = await journalPage(redis, keys, {}, 1);
  const found: JournalEntry[] = [];
  let before: string | undefined;
  for (let n = 0; n < firstPages && found.length < firstEntries; n++) {
    const { entries, cursor } = await journalPage(redis, keys, { isRareOnly: true }, firstEntries, before);
    found.push(...entries);
    if (cursor === null) break;
    before = cursor;
  }
  const last = newest.entries.filter((entry) => !isRare(entry));
  return [...found.reverse(), ...last];
}
