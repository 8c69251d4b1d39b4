/** Durations counted by bucket: one per upper bound, then those above every bound. */
export class BucketCounts {
  readonly counts: number[];
  /** All of them together, in ms. */
  sumMs = 0;

  /** @param boundsMs upper bounds, ascending */
  constructor(private readonly boundsMs: readonly number[]) {
    this.counts = new Array(boundsMs.length + 1).fill(0);
  }

  /** Counts one; `summedMs` is what it adds to the sum. */
  add(ms: number, summedMs = ms): void {
    const bucket = this.boundsMs.findIndex((bound) => ms <= bound);
    const index = bucket === -1 ? this.boundsMs.length : bucket;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.sumMs += summedMs;
  }
}

/**
 * The upper bound in ms of the bucket within which a share of what is counted lies, Infinity above every bound; null when nothing is
 * counted.
 */
export function quantileBoundMs(counts: readonly number[], boundsMs: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return null;
  let below = 0;
  const index = counts.findIndex((count) => {
    below += count;
    return below >= share * total;
  });
  return boundsMs[index] ?? Number.POSITIVE_INFINITY;
}
