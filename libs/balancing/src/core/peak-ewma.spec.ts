import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeakEwma } from './peak-ewma.js';

describe('PeakEwma', () => {
  it('knows nothing before the first answer, and then that', () => {
    const ewma = new PeakEwma();
    expect(ewma.at(5)).toBeUndefined();
    ewma.observe(120, 1000);
    expect(ewma.at(1000)).toBe(120);
  });

  it('rises to a slow answer at once', () => {
    const ewma = new PeakEwma();
    ewma.observe(10, 0);
    ewma.observe(900, 1);
    expect(ewma.at(1)).toBe(900);
  });

  it('comes down to faster answers by e in 10 s', () => {
    const ewma = new PeakEwma();
    ewma.observe(1000, 0);
    ewma.observe(100, 10_000);
    expect(ewma.at(10_000)).toBeCloseTo(1000 / Math.E + 100 * (1 - 1 / Math.E), 6);
  });

  it('decays without answers, by e in 10 s, or in 4 times its value where that is longer', () => {
    const short = new PeakEwma();
    short.observe(1000, 0);
    expect(short.at(10_000)).toBeCloseTo(1000 / Math.E, 6);
    const long = new PeakEwma();
    long.observe(60_000, 0);
    expect(long.at(240_000)).toBeCloseTo(60_000 / Math.E, 6);
  });

  it('stays within 0 and the slowest answer, whatever comes when, also out of order', () => {
    const answers = fc.array(fc.tuple(fc.nat(100_000), fc.nat(100_000)), { minLength: 1 });
    fc.assert(
      fc.property(answers, (all) => {
        const ewma = new PeakEwma();
        for (const [tookMs, nowMs] of all) ewma.observe(tookMs, nowMs);
        const value = ewma.at(100_000) ?? -1;
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(Math.max(...all.map(([tookMs]) => tookMs)));
      }),
    );
  });
});
