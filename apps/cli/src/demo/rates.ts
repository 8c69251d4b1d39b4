interface Sample {
  readonly atMs: number;
  readonly count: number;
}

/** Events a second of growing counters, over the last few seconds. */
export class Rates {
  private readonly samples = new Map<string, Sample[]>();

  /** @param windowMs how far back a rate looks; longer than the time between two updates of a counter */
  constructor(private readonly windowMs = 3000) {}

  /** Notes a counter's value and tells its rate: 0 for the first value, and for one that began again. */
  note(counter: string, count: number, atMs: number): number {
    const earlier = this.samples.get(counter) ?? [];
    const kept = earlier.filter((sample) => atMs - sample.atMs <= this.windowMs && sample.count <= count);
    this.samples.set(counter, [...kept, { atMs, count }]);
    const [first] = kept;
    return first && atMs > first.atMs ? ((count - first.count) * 1000) / (atMs - first.atMs) : 0;
  }
}
