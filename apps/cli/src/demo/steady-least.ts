/** The least value of the last seconds: what is there for a moment only, as counts are read one after the other, is not told. */
export class SteadyLeast {
  private samples: { readonly atMs: number; readonly value: number }[] = [];

  constructor(private readonly windowMs: number) {}

  /** Takes a value at a moment of a monotonic clock. Returns the least of the window. */
  note(value: number, nowMs: number): number {
    this.samples = [...this.samples.filter(({ atMs }) => nowMs - atMs <= this.windowMs), { atMs: nowMs, value }];
    return Math.min(...this.samples.map((sample) => sample.value));
  }
}
