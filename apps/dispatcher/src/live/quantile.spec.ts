import { describe, expect, it } from 'vitest';
import { quantileMs } from './quantile.js';

const boundsMs = [1, 10, 100];

describe('quantileMs', () => {
  it('is the bound of the bucket that the share is within', () => {
    expect(quantileMs([50, 49, 1, 0], boundsMs, 0.5)).toBe(1);
    expect(quantileMs([50, 49, 1, 0], boundsMs, 0.99)).toBe(10);
    expect(quantileMs([50, 49, 1, 0], boundsMs, 1)).toBe(100);
  });

  it('is twice the last bound above all of them', () => {
    expect(quantileMs([0, 0, 0, 3], boundsMs, 0.5)).toBe(200);
  });

  it('is null when nothing is counted', () => {
    expect(quantileMs([0, 0, 0, 0], boundsMs, 0.5)).toBeNull();
  });
});
