import { BucketCounts } from '@shunt/health';
import { type RunTimes, together } from './run-times.js';

/** Upper bounds of the wait histogram, in ms; a last bucket holds everything above. */
export const waitBoundsMs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000] as const;

/** How a task waits for its agent's home: `soft` also where the pool decides, `none` also without an agent. */
export const affinities = ['soft', 'strict', 'none'] as const;
export type Affinity = (typeof affinities)[number];

/** How many first starts waited how long, per bucket of {@link waitBoundsMs} and above. */
export type WaitTimes = Readonly<Record<Affinity, RunTimes>>;

/** The affinity that a task says in its options, which any producer may have written. */
export function affinityOf(said: unknown, hasAgent: boolean): Affinity {
  if (!hasAgent) return 'none';
  return said === 'strict' || said === 'none' ? said : 'soft';
}

/** Counts waits. */
export class WaitCounters {
  private readonly buckets = byAffinity(() => new BucketCounts(waitBoundsMs));

  add(affinity: Affinity, ms: number): void {
    this.buckets[affinity].add(ms);
  }

  /** What there is by now. */
  counts(): WaitTimes {
    return byAffinity((affinity) => {
      const { counts, sumMs } = this.buckets[affinity];
      return { counts: [...counts], sumMs };
    });
  }
}

/** Reads a pool's waits from its totals, where heartbeats add them up as `wait:<affinity>:<bucket>` and `wait:<affinity>:ms`. */
export function waitsOfTotals(totals: Readonly<Record<string, string>>): WaitTimes {
  return byAffinity((affinity) => ({
    counts: [...waitBoundsMs, 0].map((_, i) => Number(totals[`wait:${affinity}:${i}`] ?? 0)),
    sumMs: Number(totals[`wait:${affinity}:ms`] ?? 0),
  }));
}

/** The waits of all affinities together. */
export function allWaits(waits: Partial<WaitTimes>): RunTimes {
  return together(Object.values(waits), waitBoundsMs);
}

function byAffinity<T>(make: (affinity: Affinity) => T): Record<Affinity, T> {
  return { soft: make('soft'), strict: make('strict'), none: make('none') };
}
