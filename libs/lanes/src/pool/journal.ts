import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { type PagedEntry, streamBehind, streamPage } from './stream-page.js';

/** An entry of the journal: `event` and what belongs to it. */
export type JournalEntry = PagedEntry;

/** Which entries are told; all that are given must be so. */
export interface JournalFilter {
  /** Agent key. */
  readonly agent?: string | undefined;
  /** A worker that something happened to, or that an agent came from or went to. */
  readonly worker?: string | undefined;
  /** Leaves out where single agents were placed and moved. */
  readonly isRareOnly?: boolean | undefined;
}

/** A part of the journal. It may be empty and yet not the last. */
export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  /** The id that the next page is older than; null after the last. */
  readonly cursor: string | null;
}

/** Entries that one page looks at, at most. */
const maxSeen = 2000;

/** Whether an entry is of what seldom happens: anything but the placement of single agents. */
export function isRare({ fields }: JournalEntry): boolean {
  return fields.event !== 'placed' && fields.event !== 'moved';
}

/** Entries older than `beforeId`, newest first. */
export async function journalPage(
  redis: Redis,
  keys: PoolKeys,
  filter: JournalFilter,
  limit: number,
  beforeId?: string,
): Promise<JournalPage> {
  const entries: JournalEntry[] = [];
  let cursor = beforeId;
  for (let seen = 0; seen < maxSeen; ) {
    const count = Math.min(500, maxSeen - seen);
    const page = await streamPage(redis, keys.of('journal'), count, cursor);
    for (const entry of page) {
      cursor = entry.id;
      if (isMeant(entry, filter)) entries.push(entry);
      if (entries.length >= limit) return { entries, cursor };
    }
    seen += page.length;
    if (page.length < count) return { entries, cursor: null };
  }
  return { entries, cursor: cursor ?? null };
}

/** Up to `limit` entries behind an id, oldest first. */
export function journalBehind(redis: Redis, keys: PoolKeys, limit: number, afterId: string): Promise<JournalEntry[]> {
  return streamBehind(redis, keys.of('journal'), limit, afterId);
}

function isMeant(entry: JournalEntry, { agent, worker, isRareOnly = false }: JournalFilter): boolean {
  const { fields } = entry;
  return (
    (agent === undefined || fields.agent === agent) &&
    (worker === undefined || fields.worker === worker || fields.from === worker) &&
    (!isRareOnly || isRare(entry))
  );
}
