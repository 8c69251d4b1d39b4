import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patienceMs, stealableAtMs } from './patience.js';
import { noServiceTimes } from './service-times.js';

const times = (coldMs: number, coldTasks = 1000) => ({
  warm: { tasks: 1000, sumMs: 100_000 },
  cold: { tasks: coldTasks, sumMs: coldTasks * coldMs },
});

describe('patienceMs', () => {
  it.each([
    ['twice the cold cost', times(300), 400],
    ['at least half a service time', times(101), 50],
    ['at most twenty service times', times(50_000), 2000],
    ['twice the service time until 50 cold tasks ended', times(5000, 49), 200],
    ['5,000 ms before the first task', noServiceTimes, 5000],
  ])('is %s', (_what, known, expected) => {
    expect(patienceMs(known)).toBe(expected);
  });

  it('is long while every task was cold: the mean service time then holds the cold cost', () => {
    expect(patienceMs({ warm: { tasks: 0, sumMs: 0 }, cold: { tasks: 10, sumMs: 3000 } })).toBe(600);
  });

  it('never falls as the cold cost grows', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), (coldMs, moreMs) => {
        expect(patienceMs(times(coldMs + moreMs))).toBeGreaterThanOrEqual(patienceMs(times(coldMs)));
      }),
    );
  });
});

describe('stealableAtMs', () => {
  it('is the patience after a lone task became ready', () => {
    expect(stealableAtMs(1000, 600, 1)).toBe(1600);
  });

  it('is sooner for an agent with more tasks: one cold start serves them all', () => {
    expect(stealableAtMs(1000, 600, 3)).toBe(1200);
  });

  it('takes an agent that counts no task as one with its current task', () => {
    expect(stealableAtMs(1000, 600, 0)).toBe(1600);
  });

  it('is never for a strict agent and at once for one without affinity', () => {
    expect(stealableAtMs(1000, Number.POSITIVE_INFINITY, 5)).toBe(Number.POSITIVE_INFINITY);
    expect(stealableAtMs(1000, 0, 5)).toBe(1000);
  });

  it('moves earlier by patience / n(n-1) with the n-th task', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1000 }), fc.integer({ min: 1, max: 60_000 }), (n, patience) => {
        const step = stealableAtMs(0, patience, n - 1) - stealableAtMs(0, patience, n);
        expect(step).toBeCloseTo(patience / (n * (n - 1)), 6);
      }),
    );
  });
});
