import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '@shunt/runtime';
import type { Caller } from './access.js';

const bearer = /^Bearer +([\x21-\x7e]{1,512})$/i;

/** Finds out who asks, by the `Authorization` header. */
export type Identify = (authorization: string | undefined) => Caller | null;

/**
 * Makes it from API keys. Every key is compared, each in constant time, so that the time taken tells nothing of them. Without
 * keys everybody is `loopback` and may do all: the process then listens on the loopback address alone.
 */
export function identifyBy(keys: readonly ApiKey[] | undefined): Identify {
  if (keys === undefined) return () => ({ actor: 'loopback', role: 'admin' });
  const known = keys.map(({ name, role, sha256 }) => ({
    caller: { actor: name, role },
    hash: Buffer.from(sha256, 'hex'),
  }));
  return (authorization) => {
    const [, key] = bearer.exec(authorization ?? '') ?? [];
    if (key === undefined) return null;
    const hash = createHash('sha256').update(key).digest();
    let found: Caller | null = null;
    for (const one of known) if (timingSafeEqual(one.hash, hash)) found = one.caller;
    return found;
  };
}
