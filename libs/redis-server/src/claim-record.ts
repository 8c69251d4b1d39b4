import type { ProcessIdentity } from './process-identity.js';

/** Content of the claim file of a data directory. */
export interface ClaimRecord {
  /** The process that started, or is about to start, a server on the directory. */
  readonly owner: ProcessIdentity;
  /** That server; null until it is spawned. */
  readonly server: ProcessIdentity | null;
}

/** Reads a claim file's text; null when it is not a claim, as after a disk that filled up. */
export function parseClaim(text: string): ClaimRecord | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // Not a claim, which is what was asked.
  }
  if (!isObject(value) || !isIdentity(value.owner)) {
    return null;
  }
  return { owner: value.owner, server: isIdentity(value.server) ? value.server : null };
}

function isIdentity(value: unknown): value is ProcessIdentity {
  return (
    isObject(value) && Number.isSafeInteger(value.pid) && Number(value.pid) > 0 && typeof value.started === 'string'
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
