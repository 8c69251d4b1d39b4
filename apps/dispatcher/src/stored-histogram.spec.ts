import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';
import { StoredHistogram } from './stored-histogram.js';

let registry: Registry;
let histogram: StoredHistogram;
const header = '# HELP wait_seconds Waits\n# TYPE wait_seconds histogram\n';
beforeEach(() => {
  registry = new Registry();
  histogram = new StoredHistogram('wait_seconds', 'Waits', registry);
});

describe('StoredHistogram', () => {
  it('tells no sample before it was given any', async () => {
    expect(await registry.metrics()).toBe(header);
  });

  it('adds counts up to cumulative buckets, with what is above every bound in +Inf', async () => {
    histogram.store({ pool: 'p' }, [1, 0, 2, 4], [0.1, 1, 10], 99.5);
    expect(await registry.metrics()).toBe(
      `${header}${[
        'wait_seconds_bucket{pool="p",le="0.1"} 1',
        'wait_seconds_bucket{pool="p",le="1"} 1',
        'wait_seconds_bucket{pool="p",le="10"} 3',
        'wait_seconds_bucket{pool="p",le="+Inf"} 7',
        'wait_seconds_sum{pool="p"} 99.5',
        'wait_seconds_count{pool="p"} 7',
      ].join('\n')}\n`,
    );
  });

  it('tells zeros for counts that do not exist yet', async () => {
    histogram.store({}, [], [1], 0);
    const lines = ['wait_seconds_bucket{le="1"} 0', 'wait_seconds_bucket{le="+Inf"} 0', 'wait_seconds_sum 0'];
    expect(await registry.metrics()).toBe(`${header}${lines.join('\n')}\nwait_seconds_count 0\n`);
  });

  it('tells what it was given last, once', async () => {
    histogram.store({ pool: 'p' }, [1, 1], [1], 5);
    histogram.store({ pool: 'p' }, [2, 1], [1], 6);
    const text = await registry.metrics();
    expect(text.match(/wait_seconds_count\{pool="p"\} \d+/g)).toEqual(['wait_seconds_count{pool="p"} 3']);
  });

  it('keeps what it was given for other labels', async () => {
    histogram.store({ pool: 'p', task: 'a' }, [1, 1], [1], 5);
    histogram.store({ pool: 'p', task: 'b' }, [2, 1], [1], 6);
    histogram.store({ pool: 'p', task: 'a' }, [3, 1], [1], 7);
    const text = await registry.metrics();
    expect(text.match(/wait_seconds_count.*/g)).toEqual([
      'wait_seconds_count{pool="p",task="b"} 3',
      'wait_seconds_count{pool="p",task="a"} 4',
    ]);
  });

  it('forgets on reset', async () => {
    histogram.store({ pool: 'p' }, [1], [], 5);
    histogram.reset();
    expect(await registry.metrics()).toBe(header);
  });
});
