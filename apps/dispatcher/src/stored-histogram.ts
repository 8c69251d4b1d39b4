import type { Metric, Registry } from 'prom-client';

interface Sample {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** A histogram whose counts are kept elsewhere: it tells what it was last given, and nothing before. */
export class StoredHistogram {
  private values: readonly Sample[] = [];

  constructor(
    readonly name: string,
    readonly help: string,
    registry: Registry,
  ) {
    registry.registerMetric(this as unknown as Metric);
  }

  /** Forgets what it was given. */
  reset(): void {
    this.values = [];
  }

  /**
   * Sets the number of observations per bucket and their sum, for one set of labels.
   *
   * @param counts one per bound, then those above every bound
   * @param bounds in the metric's unit, ascending
   */
  store(labels: Readonly<Record<string, string>>, counts: readonly number[], bounds: readonly number[], sum: number) {
    const sample = (suffix: string, value: number, le?: number | string): Sample => ({
      metricName: `${this.name}_${suffix}`,
      labels: le === undefined ? labels : { ...labels, le },
      value,
    });
    let total = 0;
    const buckets = [...bounds, '+Inf'].map((le, i) => {
      total += counts[i] ?? 0;
      return sample('bucket', total, le);
    });
    const others = this.values.filter((known) => !isOf(known, labels));
    this.values = [...others, ...buckets, sample('sum', sum), sample('count', total)];
  }

  /** The same for counts and a sum of durations in ms, of a metric in seconds. */
  storeMs(
    labels: Readonly<Record<string, string>>,
    { counts, sumMs }: { readonly counts: readonly number[]; readonly sumMs: number },
    boundsMs: readonly number[],
  ) {
    const bounds = boundsMs.map((ms) => ms / 1000);
    this.store(labels, counts, bounds, sumMs / 1000);
  }

  /** What the registry asks at a scrape. */
  async get() {
    const { name, help, values } = this;
    return { name, help, type: 'histogram', values, aggregator: 'sum' };
  }
}

function isOf({ labels: known }: Sample, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => known[name] === value);
}
