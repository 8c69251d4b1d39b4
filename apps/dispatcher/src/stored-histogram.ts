import { Histogram } from 'prom-client';

/** A histogram whose counts are kept elsewhere: it tells what it was last given. */
export class StoredHistogram extends Histogram<'pool'> {
  private values: { labels: Record<string, string | number>; value: number; metricName: string; exemplar: null }[] = [];

  /** Sets the number of observations per bucket, the last one being those above every bound, and their sum. */
  store(pool: string, counts: readonly number[], bounds: readonly number[], sum: number): void {
    const { name } = this as unknown as { name: string };
    const value = (suffix: string, number: number, labels = {}) => ({
      labels: { pool, ...labels },
      value: number,
      metricName: `${name}_${suffix}`,
      exemplar: null,
    });
    let total = 0;
    const buckets = [...bounds, '+Inf'].map((le, i) => {
      total += counts[i] ?? 0;
      return value('bucket', total, { le });
    });
    this.values = [...buckets, value('sum', sum), value('count', total)];
  }

  override async get(): Promise<never> {
    const { name, help } = this as unknown as { name: string; help: string };
    return { name, help, type: 'histogram', values: this.values, aggregator: 'sum' } as never;
  }
}
