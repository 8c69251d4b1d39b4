import { describe, expect, it } from 'vitest';
import { poissonArrivals } from './arrivals.js';
import { seededRandom } from './random.js';

describe('poissonArrivals', () => {
  it('has the mean and the spread of exponential gaps', () => {
    const times = [...poissonArrivals({ ratePerSecond: 500, count: 100_000 }, seededRandom(3))];
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
    const mean = gaps.reduce((total, gap) => total + gap, 0) / gaps.length;
    const variance = gaps.reduce((total, gap) => total + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.abs(mean - 2)).toBeLessThan(0.03);
    expect(Math.abs(Math.sqrt(variance) / mean - 1)).toBeLessThan(0.02);
  });

  it('never goes back in time', () => {
    const times = [...poissonArrivals({ ratePerSecond: 1_000, count: 1_000 }, seededRandom(4))];
    expect(times.every((time, index) => time >= (times[index - 1] ?? 0))).toBe(true);
  });

  it('ends at the duration', () => {
    const times = [...poissonArrivals({ ratePerSecond: 100, durationMs: 10_000 }, seededRandom(5))];
    expect(times.length).toBeGreaterThan(850);
    expect(times.length).toBeLessThan(1_150);
    expect(times.at(-1)).toBeLessThan(10_000);
  });

  it('ends at the count', () => {
    expect([...poissonArrivals({ ratePerSecond: 1, count: 0 }, seededRandom(6))]).toEqual([]);
    expect([...poissonArrivals({ ratePerSecond: 1, count: 3 }, seededRandom(6))]).toHaveLength(3);
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses the rate %d', (ratePerSecond) => {
    expect(() => [...poissonArrivals({ ratePerSecond, count: 1 }, seededRandom(1))]).toThrow(RangeError);
  });
});
