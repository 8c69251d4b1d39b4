import { describe, expect, it } from 'vitest';
import { isStuck, standstillOf } from './progress.js';

const lane = { slots: 4, running: 1, waiting: 3, picked: 7, life: 'l1' };
const since = { life: 'l1', picked: 7, sinceMs: 100 };

describe('standstillOf', () => {
  it('begins when a lane with a free slot and waiting tasks is seen', () => {
    expect(standstillOf(null, lane, 100)).toEqual(since);
  });

  it('goes on while nothing is taken', () => {
    expect(standstillOf(since, lane, 900)).toBe(since);
  });

  it.each([
    ['no slot is free', { running: 4 }],
    ['nothing waits', { waiting: 0 }],
  ])('is over when %s', (_, change) => {
    expect(standstillOf(since, { ...lane, ...change }, 900)).toBeNull();
  });

  it.each([
    ['a task was taken', { picked: 8 }],
    ['a new life began', { life: 'l2' }],
  ])('begins anew when %s', (_, change) => {
    expect(standstillOf(since, { ...lane, ...change }, 900)?.sinceMs).toBe(900);
  });
});

describe('isStuck', () => {
  it.each([
    [10_099, false],
    [10_100, true],
  ])('is at %s, with a standstill since 100 and 10,000 allowed, %s', (nowMs, stuck) => {
    expect(isStuck(since, nowMs, 10_000)).toBe(stuck);
  });

  it('is false for a worker that goes on', () => {
    expect(isStuck(null, 1e9, 1)).toBe(false);
  });
});
