import type { Redis } from 'ioredis';

/** An entry of a stream; its id begins with the ms since 1970 of Redis's clock. */
export interface PagedEntry {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Up to `limit` entries of a stream older than `beforeId`, newest first; the newest without one. */
export async function streamPage(redis: Redis, key: string, limit: number, beforeId?: string): Promise<PagedEntry[]> {
  const from = beforeId === undefined ? '+' : `(${beforeId}`;
  return entriesOf(await redis.xrevrange(key, from, '-', 'COUNT', limit));
}

/** Up to `limit` entries of a stream behind `afterId`, oldest first. */
export async function streamBehind(redis: Redis, key: string, limit: number, afterId: string): Promise<PagedEntry[]> {
  return entriesOf(await redis.xrange(key, `(${afterId}`, '+', 'COUNT', limit));
}

function entriesOf(raw: unknown): PagedEntry[] {
  return (raw as [string, string[]][]).map(([id, flat]) => {
    const fields: Record<string, string> = Object.create(null);
    for (let i = 0; i < flat.length; i += 2) fields[String(flat[i])] = String(flat[i + 1]);
    return { id, fields };
  });
}
