import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAdvice, type ScaleFacts, type ScaleLimits, usualScale, workersFor } from './advice.js';

const idle: ScaleFacts = { workers: 3, loadTasks: 0, slots: 4, agents: 0, maxAgents: null, oldestAgeMs: 0 };
const facts = fc.record({
  workers: fc.nat(50),
  loadTasks: fc.nat(5000),
  slots: fc.integer({ min: 0, max: 64 }),
  agents: fc.nat(5000),
  maxAgents: fc.option(fc.integer({ min: 1, max: 500 })),
  oldestAgeMs: fc.nat(600_000),
});
const limits: fc.Arbitrary<ScaleLimits> = fc
  .record({ min: fc.nat(10), span: fc.nat(100), utilization: fc.double({ min: 0.1, max: 1, noNaN: true }) })
  .map(({ min, span, utilization }) => ({ ...usualScale, min, max: min + span, utilization }));

describe('how many workers would do', () => {
  it.each([
    [{}, 1],
    [{ loadTasks: 16 }, 5],
    [{ loadTasks: 17 }, 6],
    [{ loadTasks: 1e9 }, 100],
    [{ agents: 100, maxAgents: 10 }, 13],
    [{ loadTasks: 13, oldestAgeMs: 30_001 }, 5],
    [{ loadTasks: 13, oldestAgeMs: 30_000 }, 5],
    [{ workers: 8, loadTasks: 33, oldestAgeMs: 30_001 }, 11],
    [{ workers: 8, loadTasks: 33, oldestAgeMs: 0 }, 11],
    [{ workers: 20, loadTasks: 81, slots: 4, oldestAgeMs: 60_000 }, 26],
    [{ workers: 20, loadTasks: 40, slots: 4, oldestAgeMs: 60_000 }, 13],
    [{ workers: 0, loadTasks: 1, slots: 0 }, 2],
  ])('with %o it is %i', (some, count) => {
    expect(workersFor({ ...idle, ...some }, usualScale)).toBe(count);
  });

  it('is within its bounds, and never fewer for more to do', () => {
    fc.assert(
      fc.property(facts, limits, fc.nat(500), fc.nat(500), (some, within, moreTasks, moreAgents) => {
        const count = workersFor(some, within);
        expect(count).toBeGreaterThanOrEqual(within.min);
        expect(count).toBeLessThanOrEqual(within.max);
        const busier = { ...some, loadTasks: some.loadTasks + moreTasks, agents: some.agents + moreAgents };
        expect(workersFor(busier, within)).toBeGreaterThanOrEqual(count);
      }),
    );
  });

  it('is enough for the load at the utilization, unless the most there may be is less', () => {
    fc.assert(
      fc.property(facts, limits, (some, within) => {
        const count = workersFor(some, within);
        const carries = count * Math.max(1, some.slots) * within.utilization;
        expect(count === within.max || carries >= some.loadTasks - 1e-6).toBe(true);
      }),
    );
  });
});

describe('the advice', () => {
  it('goes up at once and down by one for each cool-down, whatever happens', () => {
    const looks = fc.array(fc.record({ some: facts, afterMs: fc.nat(90_000) }), { maxLength: 30 });
    fc.assert(
      fc.property(looks, limits, (history, within) => {
        let nowMs = 0;
        let before = nextAdvice(null, idle, within, nowMs);
        for (const { some, afterMs } of history) {
          nowMs += afterMs;
          const wanted = workersFor(some, within);
          const after = nextAdvice(before, some, within, nowMs);
          if (wanted > before.desired) expect(after.desired).toBe(wanted);
          else expect(after.desired).toBeGreaterThanOrEqual(Math.max(wanted, before.desired - 1));
          if (after.desired < before.desired)
            expect(nowMs - before.changedAtMs).toBeGreaterThanOrEqual(within.coolDownMs);
          before = after;
        }
      }),
    );
  });

  it('begins with the workers there are, as one that does not know the past takes nobody out', () => {
    expect(nextAdvice(null, { ...idle, workers: 7 }, usualScale, 5)).toEqual({ desired: 7, changedAtMs: 5 });
    expect(nextAdvice(null, { ...idle, loadTasks: 40 }, usualScale, 5).desired).toBe(13);
  });

  it('comes down to what would do', () => {
    let advice = nextAdvice(null, { ...idle, workers: 4 }, usualScale, 0);
    for (let minute = 1; minute <= 10; minute++) advice = nextAdvice(advice, idle, usualScale, minute * 60_000);
    expect(advice).toEqual({ desired: 1, changedAtMs: 180_000 });
  });

  it('follows the limits when they change', () => {
    const now = nextAdvice({ desired: 4, changedAtMs: 0 }, idle, { ...usualScale, min: 6 }, 1000);
    expect(now.desired).toBe(6);
  });
});
