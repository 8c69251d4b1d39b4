/** Totals of a pool at one moment of a monotonic clock, in ms. */
export interface Sample {
  readonly atMs: number;
  readonly enqueued: number;
  readonly completed: number;
  readonly failed: number;
}

/** What happens a second, and the share of attempts that fail. */
export interface Rates {
  /** What it is measured over, at most a minute; 0 before two looks. */
  readonly overMs: number;
  readonly enqueuedPerSecond: number;
  readonly completedPerSecond: number;
  readonly failedPerSecond: number;
  /** Failed attempts of all that ended; null when none has. */
  readonly errorRatio: number | null;
}

const windowMs = 60_000;

/** Tells rates from totals that are looked at now and then. */
export class RateMeter {
  private samples: Sample[] = [];

  /** Takes a look; one at which totals went back, as the data was lost, begins anew. */
  add(sample: Sample): void {
    const last = this.samples.at(-1);
    if (last && (sample.enqueued < last.enqueued || sample.completed < last.completed || sample.failed < last.failed))
      this.samples = [];
    this.samples = [...this.samples.filter(({ atMs }) => sample.atMs - atMs <= windowMs), sample];
  }

  /** The rates over the looks of the last minute. */
  rates(): Rates {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    const overMs = first && last ? last.atMs - first.atMs : 0;
    const grown = (name: 'enqueued' | 'completed' | 'failed') => (first && last ? last[name] - first[name] : 0);
    const perSecond = (count: number) => (overMs > 0 ? (1000 * count) / overMs : 0);
    const [completed, failed] = [grown('completed'), grown('failed')];
    return {
      overMs,
      enqueuedPerSecond: perSecond(grown('enqueued')),
      completedPerSecond: perSecond(completed),
      failedPerSecond: perSecond(failed),
      errorRatio: completed + failed > 0 ? failed / (completed + failed) : null,
    };
  }
}
