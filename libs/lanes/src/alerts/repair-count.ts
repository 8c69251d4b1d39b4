/** How far back repairs are counted, in ms. */
const windowMs = 300_000;

/** Counts what was put right within the last minutes from a number that only grows. */
export class RepairCount {
  private grown: readonly { readonly atMs: number; readonly by: number }[] = [];
  private last = 0;

  /** Takes a look. */
  look(total: number, nowMs: number): number {
    const by = total - this.last;
    this.last = total;
    const kept = this.grown.filter(({ atMs }) => nowMs - atMs <= windowMs);
    this.grown = by > 0 ? [...kept, { atMs: nowMs, by }] : kept;
    return this.grown.reduce((sum, each) => sum + each.by, 0);
  }
}
