import { describe, expect, it } from 'vitest';
import { RateMeter } from './rate-meter.js';

const sample = (atMs: number, completed: number, failed = 0) => ({ atMs, enqueued: completed, completed, failed });

describe('RateMeter', () => {
  it('knows nothing before two looks', () => {
    const meter = new RateMeter();
    const nothing = { overMs: 0, enqueuedPerSecond: 0, completedPerSecond: 0, failedPerSecond: 0, errorRatio: null };
    expect(meter.rates()).toEqual(nothing);
    meter.add(sample(0, 100));
    expect(meter.rates()).toEqual(nothing);
  });

  it('tells what happened between the first and the last look of a minute', () => {
    const meter = new RateMeter();
    meter.add(sample(0, 0));
    meter.add(sample(10_000, 50, 10));
    meter.add(sample(70_000, 350, 70));
    expect(meter.rates()).toEqual({
      overMs: 60_000,
      enqueuedPerSecond: 5,
      completedPerSecond: 5,
      failedPerSecond: 1,
      errorRatio: 60 / 360,
    });
  });

  it('begins anew when the totals went back', () => {
    const meter = new RateMeter();
    meter.add(sample(0, 100));
    meter.add(sample(1000, 5));
    meter.add(sample(2000, 7));
    expect(meter.rates()).toMatchObject({ overMs: 1000, completedPerSecond: 2 });
  });
});
