import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** Leaves room for the rest of an id of 64 characters. */
const maxHostChars = 40;

/** An id for this process that tells people where it runs: host, process and chance, whatever the host's name is like. */
export function ownId(): string {
  const host = hostname()
    .slice(0, maxHostChars)
    .replace(/[^A-Za-z0-9_.-]/g, '-');
  return `${host}-${process.pid}-${randomUUID().slice(0, 8)}`;
}
