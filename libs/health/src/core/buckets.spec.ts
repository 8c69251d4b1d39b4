import { describe, expect, it } from 'vitest';
import { BucketCounts, quantileBoundMs } from './buckets.js';

const boundsMs = [1, 10, 100];

describe('BucketCounts', () => {
  it('counts in the first bucket whose bound is not exceeded, and above every bound', () => {
    const buckets = new BucketCounts(boundsMs);
    for (const ms of [0, 1, 1.5, 100, 101]) buckets.add(ms);
    expect([buckets.counts, buckets.sumMs]).toEqual([[2, 1, 1, 1], 203.5]);
  });

  it('adds something else to the sum where it is told', () => {
    const buckets = new BucketCounts(boundsMs);
    buckets.add(1.4, 1);
    expect([buckets.counts, buckets.sumMs]).toEqual([[0, 1, 0, 0], 1]);
  });
});

describe('quantileBoundMs', () => {
  it.each([
    [[50, 49, 1, 0], 0.5, 1],
    [[50, 49, 1, 0], 0.99, 10],
    [[50, 49, 1, 0], 1, 100],
    [[0, 0, 0, 3], 0.5, Number.POSITIVE_INFINITY],
    [[0, 0, 0, 0], 0.5, null],
  ])('of %j and a share of %d is %d', (counts, share, boundMs) => {
    expect(quantileBoundMs(counts, boundsMs, share)).toBe(boundMs);
  });
});
