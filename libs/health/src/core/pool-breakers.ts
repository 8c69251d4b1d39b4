import { type Breaker, type BreakerRules, forcedOpen, neverOpened, nextBreaker, type Patient } from './breaker.js';

/** Rules of all breakers of a pool together. */
export interface PoolRules extends BreakerRules {
  /** Largest share of the pool that may be open, 0 to 1; one worker always may. */
  readonly maxOpenShare: number;
  /** Smallest share of the pool that must stay healthy: no breaker opens that would leave less. 0 to 1 */
  readonly panicShare: number;
}

/** What an operator said about a worker's breaker. */
export type Order = 'open' | 'closed' | 'auto';

/** A worker before a look at the pool. */
export interface Member extends Patient {
  readonly id: string;
  readonly breaker: Breaker;
  readonly order: Order;
  /** Whether it beats and takes work by its own will: one that drains or is dead is none to count on. */
  readonly isServing: boolean;
}

/**
 * Every breaker after a look at the pool, by worker id. Who comes first in `members` opens first where not all may: at most
 * `maxOpenShare` of the pool is open or half-open, and never so many that less than `panicShare` is left. A bad deploy,
 * that makes every worker fail, must not empty the pool. One that is half-open is in the share already, and not among what is left.
 */
export function nextBreakers(members: readonly Member[], rules: PoolRules, nowMs: number): Map<string, Breaker> {
  const next = new Map<string, Breaker>();
  let notClosed = members.filter(({ breaker }) => breaker.state !== 'closed').length;
  let healthy = members.filter(({ breaker, isServing }) => breaker.state === 'closed' && isServing).length;
  for (const member of members) {
    const isClosed = member.breaker.state === 'closed';
    const fitsShare = !isClosed || notClosed + 1 <= Math.max(1, Math.floor(rules.maxOpenShare * members.length));
    const left = isClosed ? healthy - 1 : healthy;
    const canSpare = fitsShare && left >= 1 && left >= rules.panicShare * members.length;
    const breaker = afterOrder(member) ?? nextBreaker(member.breaker, member, rules, nowMs, canSpare);
    if (isClosed && breaker.state !== 'closed') {
      notClosed++;
      if (member.isServing) healthy--;
    }
    next.set(member.id, breaker);
  }
  return next;
}

function afterOrder(member: Member): Breaker | null {
  if (member.order === 'closed') return neverOpened;
  return member.order === 'open' ? forcedOpen(member.breaker, member) : null;
}
