import { BucketCounts } from '@shunt/health';
import type { PoolSight } from './pool-sight.js';

/** Upper bounds of the histogram of how long drains take, in ms; a last bucket holds everything above. */
export const drainBoundsMs = [1000, 5000, 10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000] as const;

/** Counts how long it takes from an operator's drain until nothing runs or waits on the worker, as a leader sees it. */
export class DrainTimes extends BucketCounts {
  /** Since when the drains began that have not ended; only those that were seen under way are timed. */
  private underWay = new Map<string, number>();

  constructor() {
    super(drainBoundsMs);
  }

  /** Takes one look. */
  look({ stats, drainedSinceMs, nowMs }: Pick<PoolSight, 'stats' | 'drainedSinceMs' | 'nowMs'>): void {
    const busy = new Set(stats.workers.filter(({ running, waiting }) => running + waiting > 0).map(({ id }) => id));
    for (const [worker, sinceMs] of this.underWay) {
      if (drainedSinceMs.get(worker) === sinceMs && !busy.has(worker)) this.add(Math.max(0, nowMs - sinceMs));
    }
    this.underWay = new Map([...drainedSinceMs].filter(([worker]) => busy.has(worker)));
  }
}
