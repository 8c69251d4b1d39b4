import { describe, expect, it } from 'vitest';
import { isStraggler, leastTasks, leavesHome, noPace, type Pace, slowdown, withTask } from './straggler.js';

const after = (pace: Pace, tasks: number, serviceMs: number) => {
  let now = pace;
  for (let n = 0; n < tasks; n++) now = withTask(now, serviceMs);
  return now;
};
/** Sixteen service times with a mean of 100 ms and a longest of 1,000. */
const heavyTail = [5, 8, 12, 18, 25, 33, 40, 50, 60, 75, 90, 110, 130, 150, 200, 594];

describe('isStraggler', () => {
  it('finds a worker that became five times slower within 40 tasks', () => {
    expect(isStraggler(after(after(noPace, 500, 100), 40, 500))).toBe(true);
  });

  it('takes it back once the worker is fast again', () => {
    const slow = after(after(noPace, 500, 100), 100, 500);
    expect(isStraggler(after(slow, 100, 100))).toBe(false);
  });

  it('keeps a worker that stays slow a straggler: its own past stands still meanwhile', () => {
    expect(isStraggler(after(after(noPace, 500, 100), 20_000, 500))).toBe(true);
  });

  it('calls no worker one for being slower than others', () => {
    expect(isStraggler(after(noPace, 1000, 10_000))).toBe(false);
  });

  it('calls no worker one for twice its usual time', () => {
    expect(isStraggler(after(after(noPace, 500, 100), 1000, 200))).toBe(false);
  });

  it('judges nobody before its 60th task', () => {
    const early = after(after(noPace, 40, 1), leastTasks - 41, 100_000);
    expect(slowdown(early)).toBeGreaterThan(2.5);
    expect(isStraggler(early)).toBe(false);
    expect(isStraggler(withTask(early, 100_000))).toBe(true);
  });

  it('stays calm under a heavy tail, and under a task of no time at all', () => {
    let pace = noPace;
    for (let n = 0; n < 3000; n++) {
      pace = withTask(pace, heavyTail[(n * 7) % heavyTail.length] as number);
      expect(isStraggler(pace)).toBe(false);
    }
    expect(Number.isFinite(slowdown(withTask(pace, 0)))).toBe(true);
  });
});

describe('leavesHome', () => {
  const slow = after(after(noPace, 500, 100), 200, 500);

  it('leaves a straggler when its slowness costs more than a cold start', () => {
    expect(leavesHome(slow, 100, 300)).toBe(true);
  });

  it('stays when a cold start costs more', () => {
    expect(leavesHome(slow, 100, 2000)).toBe(false);
  });

  it('stays at a worker that is as fast as ever, whatever a cold start costs', () => {
    expect(leavesHome(after(noPace, 500, 100), 100, 0)).toBe(false);
  });
});
