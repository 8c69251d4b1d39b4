import type { Random } from '@shunt/workload';
import type { Run } from '../harness/run.js';
import type { MortalRedis } from '../mortal-redis.js';

/** Where nemeses strike. */
export interface Site {
  readonly run: Run;
  readonly redis: MortalRedis;
  readonly workers: readonly string[];
  readonly dispatchers: readonly string[];
  /** Lease of workers and leaders, in ms. */
  readonly leaseMs: number;
  readonly random: Random;
}

/** What a nemesis strikes: one worker, all of them, the dispatchers, Redis, or the network of one process. */
export type Target = 'worker' | 'workers' | 'dispatchers' | 'redis' | 'line';

/** One way to break a pool, and to mend it again. */
export interface Nemesis {
  /** Names it in plans, histories and figures. */
  readonly name: string;
  readonly target: Target;
  /** What the checker may put down to it: what happens on the victim, on any worker, or nothing at all. */
  readonly excuses: 'victim' | 'all' | 'nothing';
  /** How many leases its victim is out of order, mending included. */
  readonly leases: number;
  /** Takes longer than a short run has: left out of those, and once in others. */
  readonly isLong?: boolean;
  /**
   * Strikes, mends, and resolves to what was seen of it.
   *
   * @throws Error when it cannot be shown that the fault took place
   */
  strike(site: Site, victim: string): Promise<string>;
}
