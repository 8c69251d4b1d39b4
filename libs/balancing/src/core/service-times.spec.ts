import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  acrossWorkers,
  addServiceTimes,
  meanMs,
  meanServiceMs,
  noServiceTimes,
  rememberedTasks,
} from './service-times.js';

const times = (warm: [number, number], cold: [number, number]) => ({
  warm: { tasks: warm[0], sumMs: warm[1] },
  cold: { tasks: cold[0], sumMs: cold[1] },
});

describe('addServiceTimes', () => {
  it('sums what ended by its kind', () => {
    const once = addServiceTimes(noServiceTimes, times([2, 20], [1, 30]));
    expect(addServiceTimes(once, times([1, 10], [0, 0]))).toEqual(times([3, 30], [1, 30]));
  });

  it('never remembers more than its bound, however it is fed', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(rememberedTasks), { maxLength: 20 }), (counts) => {
        let known = noServiceTimes;
        for (const count of counts) known = addServiceTimes(known, times([count, count], [0, 0]));
        expect(known.warm.tasks).toBeLessThanOrEqual(rememberedTasks);
      }),
    );
  });

  it('follows a pool whose tasks become ten times as long', () => {
    let known = addServiceTimes(noServiceTimes, times([rememberedTasks, rememberedTasks * 10], [0, 0]));
    for (let n = 0; n < 500; n++) known = addServiceTimes(known, times([1000, 100_000], [0, 0]));
    expect(meanServiceMs(known)).toBeGreaterThan(95);
  });

  it('keeps both means when it forgets', () => {
    const full = addServiceTimes(noServiceTimes, times([rememberedTasks, rememberedTasks * 10], [400, 12_000]));
    expect([meanMs(full.warm), meanMs(full.cold)]).toEqual([10, 30]);
  });
});

describe('meanServiceMs', () => {
  it.each([
    ['of the warm tasks', times([4, 40], [4, 400]), 10],
    ['of the cold tasks while none was warm', times([0, 0], [4, 400]), 100],
    ['unknown before the first task', noServiceTimes, null],
  ])('is %s', (_what, known, expected) => {
    expect(meanServiceMs(known)).toBe(expected);
  });
});

describe('acrossWorkers', () => {
  const slow = { slots: 8, times: times([900, 900 * 100], [100, 100 * 200]) };
  const fast = { slots: 8, times: times([1000, 1000 * 25], [1000, 1000 * 50]) };

  it('is what each slot sees: cold starts on fast workers alone make none cheaper', () => {
    const pooled = acrossWorkers([slow, fast]);
    expect([meanMs(pooled.warm), meanMs(pooled.cold)]).toEqual([62.5, 125]);
    expect([pooled.warm.tasks, pooled.cold.tasks]).toEqual([1900, 1100]);
  });

  it('weighs a worker by its slots', () => {
    expect(meanMs(acrossWorkers([{ ...slow, slots: 24 }, fast]).cold)).toBe(162.5);
  });

  it('leaves a worker out that ended few tasks of a kind', () => {
    const young = { slots: 8, times: times([1000, 1_000_000], [9, 9_000_000]) };
    expect(meanMs(acrossWorkers([slow, young]).cold)).toBe(200);
  });

  it('is the plain sum while that is every worker, and nothing where there are none', () => {
    expect(acrossWorkers([{ slots: 4, times: times([9, 90], [3, 60]) }])).toEqual(times([9, 90], [3, 60]));
    expect(acrossWorkers([])).toEqual(noServiceTimes);
  });
});
