import { describe, expect, it } from 'vitest';
import { ErrorShare } from './error-share.js';

function after(attempts: readonly boolean[], nowMs = 0): ErrorShare {
  const share = new ErrorShare();
  for (const hasFailed of attempts) share.observe(hasFailed, nowMs);
  return share;
}

describe('ErrorShare', () => {
  it('is 0 before anything ended, and without failures', () => {
    expect(new ErrorShare().at(7)).toBe(0);
    expect(after([false, false]).at(0)).toBe(0);
  });

  it('takes one good attempt for granted: the first failure is a half', () => {
    expect(after([true]).at(0)).toBe(0.5);
    expect(after(new Array(99).fill(true)).at(0)).toBe(0.99);
  });

  it('forgives with time: by e in 30 s', () => {
    const share = after(new Array(9).fill(true));
    expect(share.at(30_000)).toBeCloseTo(9 / Math.E / (9 / Math.E + 1), 9);
    expect(share.at(600_000)).toBeLessThan(0.001);
  });

  it('lets new attempts count more than old ones', () => {
    const share = after(new Array(50).fill(true));
    for (let n = 0; n < 50; n++) share.observe(false, 60_000);
    expect(share.at(60_000)).toBeLessThan(0.13);
  });
});
