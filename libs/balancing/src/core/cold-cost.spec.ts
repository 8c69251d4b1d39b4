import { describe, expect, it } from 'vitest';
import { coldCostMs, leastColdTasks } from './cold-cost.js';

const times = (warmTasks: number, warmMs: number, coldTasks: number, coldMs: number) => ({
  warm: { tasks: warmTasks, sumMs: warmTasks * warmMs },
  cold: { tasks: coldTasks, sumMs: coldTasks * coldMs },
});

describe('coldCostMs', () => {
  it('is the mean of the cold tasks less that of the warm ones', () => {
    expect(coldCostMs(times(1000, 250, leastColdTasks, 600))).toBe(350);
  });

  it.each([
    ['49 cold tasks', times(1000, 250, leastColdTasks - 1, 600)],
    ['no warm task', times(0, 0, 1000, 600)],
    ['no task', times(0, 0, 0, 0)],
  ])('is unknown with %s', (_what, known) => {
    expect(coldCostMs(known)).toBeNull();
  });

  it('is nothing where cold starts look cheaper than warm ones', () => {
    expect(coldCostMs(times(1000, 250, 1000, 200))).toBe(0);
  });
});
