import { describe, expect, it } from 'vitest';
import { spreadOf } from './response-times.js';

describe('spreadOf', () => {
  it('is null of nothing', () => expect(spreadOf([])).toBeNull());

  it('is the one value of one', () => {
    expect(spreadOf([7])).toEqual({ meanMs: 7, p50Ms: 7, p90Ms: 7, p99Ms: 7, maxMs: 7 });
  });

  it('takes the nearest rank, whatever the order', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(spreadOf(values)).toEqual({ meanMs: 50.5, p50Ms: 50, p90Ms: 90, p99Ms: 99, maxMs: 100 });
  });
});
