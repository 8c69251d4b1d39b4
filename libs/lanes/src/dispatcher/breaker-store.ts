import { type Breaker, neverOpened } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { Verdict } from '../moves.js';
import { runScript } from '../redis/script-runner.js';

/** A worker's breaker as it is kept between looks. */
export interface KeptBreaker {
  readonly breaker: Breaker;
  /** Trips that have been dealt with. */
  readonly seen: { readonly countsOf: string; readonly trips: number };
}

/** Reads a breaker from its entry in `P breakers`; one that never changed has none. */
export function keptBreaker(json: string | undefined): KeptBreaker {
  if (json === undefined) return { breaker: neverOpened, seen: { countsOf: '', trips: 0 } };
  return JSON.parse(json) as KeptBreaker;
}

/** What a look at a worker makes of its breaker. */
export interface BreakerChange {
  readonly worker: string;
  readonly kept: KeptBreaker;
  /** Slots it may use at most, null for all. */
  readonly limit: number | null;
  /** The state it changes to and why, null when it stays. */
  readonly transition: { readonly to: Breaker['state']; readonly reason: string } | null;
  /** The life to be ended by its worker, null for none. */
  readonly recycle: string | null;
}

/** Keeps a change under a leader's term. Fewer slots hold at once, more from the worker's next heartbeat on. */
export async function keepBreaker(
  redis: Redis,
  keys: PoolKeys,
  { term }: Verdict,
  { worker, kept, limit, transition, recycle }: BreakerChange,
): Promise<void> {
  const names = ['leader', 'breakers', 'limits', 'routable', 'journal', 'totals'].map(keys.of);
  const { to = '', reason = '' } = transition ?? {};
  const args = [keys.prefix, term, worker, limit ?? '', JSON.stringify(kept), to, reason, recycle ?? ''];
  await runScript(redis, 'limit', names, args);
}
