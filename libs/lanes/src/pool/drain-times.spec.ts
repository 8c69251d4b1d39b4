import { describe, expect, it } from 'vitest';
import { DrainTimes, drainBoundsMs } from './drain-times.js';
import type { PoolSight } from './pool-sight.js';

const sight = (nowMs: number, running: number, sinceMs: number | null = 1000) => {
  const workers = [{ id: 'w1', running, waiting: 0 }];
  const drainedSinceMs = new Map(sinceMs === null ? [] : [['w1', sinceMs]]);
  return { nowMs, drainedSinceMs, stats: { workers } as unknown as PoolSight['stats'] };
};

describe('DrainTimes', () => {
  it('times a drain until nothing runs there any more, once', () => {
    const times = new DrainTimes();
    for (const [nowMs, running] of [
      [1500, 2],
      [4000, 1],
      [5000, 0],
      [6000, 0],
    ] as const)
      times.look(sight(nowMs, running));
    expect([times.counts[drainBoundsMs.indexOf(5000)], times.sumMs]).toEqual([1, 4000]);
  });

  it('does not time one that had ended before it looked, nor one that was called off', () => {
    const times = new DrainTimes();
    times.look(sight(2000, 0));
    times.look(sight(3000, 1));
    times.look(sight(4000, 0, null));
    times.look(sight(9000, 1, 8000));
    times.look(sight(9500, 0, 9400));
    expect(times.sumMs).toBe(0);
  });

  it('counts what takes longer than every bound', () => {
    const times = new DrainTimes();
    times.look(sight(2000, 1));
    times.look(sight(90_000_000, 0));
    expect(times.counts.at(-1)).toBe(1);
  });
});
