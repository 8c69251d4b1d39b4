import { describe, expect, it } from 'vitest';
import { allRuns, maxRunNames, RunCounters, runBoundsMs, runsOfTotals } from './run-times.js';

const above = runBoundsMs.length;
const bucketOf = (ms: number) => {
  const counters = new RunCounters();
  counters.took('turn', ms);
  return counters.counts().turn?.counts.indexOf(1);
};

describe('RunCounters', () => {
  it('counts an attempt in the first bucket whose bound it does not exceed', () => {
    expect([0, 10, 10.5, 300_000, 300_001].map(bucketOf)).toEqual([0, 0, 1, above - 1, above]);
  });

  it('sums whole ms by name', () => {
    const counters = new RunCounters();
    for (const [name, ms] of [
      ['a', 1.4],
      ['b', 20],
      ['a', 3],
    ] as const)
      counters.took(name, ms);
    const { a, b } = counters.counts();
    expect([a?.sumMs, a?.counts[0], b?.sumMs, b?.counts[1]]).toEqual([4, 2, 20, 1]);
  });

  it('tells so many names apart, and calls the others other', () => {
    const counters = new RunCounters();
    for (let n = 0; n < maxRunNames + 5; n++) counters.took(`name ${n}`, 1);
    counters.took('x'.repeat(100), 1);
    const counts = counters.counts();
    expect(Object.keys(counts)).toHaveLength(maxRunNames + 1);
    expect(counts.other?.counts[0]).toBe(6);
  });

  it('cuts a long name', () => {
    const counters = new RunCounters();
    counters.took('x'.repeat(100), 1);
    expect(Object.keys(counters.counts())).toEqual(['x'.repeat(64)]);
  });
});

describe('the run times of a pool', () => {
  it('are read by name, whatever is in it, and added up', () => {
    const runs = runsOfTotals({
      'run:ms:a:b': '7',
      'run:0:a:b': '2',
      'run:ms:c': '500',
      [`run:${above}:c`]: '1',
      completed: '9',
    });
    expect(Object.keys(runs)).toEqual(['a:b', 'c']);
    expect(runs['a:b']?.counts[0]).toBe(2);
    const { counts, sumMs } = allRuns(runs);
    expect([sumMs, counts[0], counts[above], counts.length]).toEqual([507, 2, 1, above + 1]);
  });

  it('are none without totals', () => {
    expect(runsOfTotals({})).toEqual({});
    expect(allRuns({})).toEqual({ counts: new Array(above + 1).fill(0), sumMs: 0 });
  });
});
