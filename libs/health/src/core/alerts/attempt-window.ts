import { quantileBoundMs } from '../buckets.js';

/** Totals of a pool at one moment of a clock. */
export interface AttemptTotals {
  readonly atMs: number;
  readonly completed: number;
  readonly failed: number;
  /** Attempts per bucket of how long they took, then those above every bound. */
  readonly counts: readonly number[];
  /** How long all attempts took together, in ms. */
  readonly sumMs: number;
}

/** What attempts of the last minute were like. */
export interface RecentAttempts {
  readonly ended: number;
  readonly failed: number;
  readonly meanMs: number;
  /** Upper bound of the bucket that it lies in; Infinity above every bound. */
  readonly p99Ms: number;
}

/** What rates are taken over, in ms. */
const windowMs = 60_000;

/** Tells what happened within the last minute from totals that only grow. */
export class AttemptWindow {
  private looks: readonly AttemptTotals[] = [];

  /** @param boundsMs upper bounds of the buckets, ascending */
  constructor(private readonly boundsMs: readonly number[]) {}

  /** Takes a look; one at which totals went back, as the data was lost, begins anew. Null before the second one. */
  look(totals: AttemptTotals): RecentAttempts | null {
    const last = this.looks.at(-1);
    const isBack = last !== undefined && (totals.completed < last.completed || totals.failed < last.failed);
    const kept = isBack ? [] : this.looks.filter(({ atMs }) => totals.atMs - atMs <= windowMs);
    this.looks = [...kept, totals];
    const [first] = kept;
    return first ? this.between(first, totals) : null;
  }

  private between(from: AttemptTotals, to: AttemptTotals): RecentAttempts {
    const failed = to.failed - from.failed;
    const ended = failed + to.completed - from.completed;
    const counts = to.counts.map((count, i) => count - (from.counts[i] ?? 0));
    const timed = counts.reduce((sum, count) => sum + count, 0);
    const meanMs = timed > 0 ? (to.sumMs - from.sumMs) / timed : 0;
    return { ended, failed, meanMs, p99Ms: quantileBoundMs(counts, this.boundsMs, 0.99) ?? 0 };
  }
}
