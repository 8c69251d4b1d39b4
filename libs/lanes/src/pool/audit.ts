import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { runScript } from '../redis/script-runner.js';
import { streamPage } from './stream-page.js';

/** A change that somebody asked for. */
export interface AuditEntry {
  /** Name of the API key, or `loopback` where no keys are set. */
  readonly actor: string;
  readonly role: string;
  /** Such as `worker.drain`. */
  readonly action: string;
  /** What it was to change, such as `worker w1`. */
  readonly target: string;
  /** Why, in the words of the actor; empty when nothing was said. */
  readonly reason: string;
  /** `asked` before it is done; the code of the error when it was not. */
  readonly outcome: string;
  /** The request, as in its answer's `x-request-id`. */
  readonly request: string;
}

/** An entry with its id, which begins with the ms since 1970 of Redis's clock. */
export interface AuditRecord extends AuditEntry {
  readonly id: string;
}

/** Entries that are kept, about. */
const maxEntries = 10_000;

/** Writes an entry. Resolves to its id. Sent again with the same `nonce` it writes nothing. */
export async function writeAudit(
  redis: Redis,
  keys: PoolKeys,
  entry: AuditEntry,
  nonce: string = randomUUID(),
): Promise<string> {
  const names = [keys.of('audit'), keys.of(`audited:${nonce}`)];
  return String(await runScript(redis, 'audit', names, [maxEntries, ...Object.entries(entry).flat()]));
}

/** Up to `limit` entries older than `beforeId`, newest first; the newest without one. */
export async function auditPage(
  redis: Redis,
  keys: PoolKeys,
  limit: number,
  beforeId?: string,
): Promise<AuditRecord[]> {
  const entries = await streamPage(redis, keys.of('audit'), limit, beforeId);
  return entries.map(({ id, fields }) => ({ ...(fields as unknown as AuditEntry), id }));
}
