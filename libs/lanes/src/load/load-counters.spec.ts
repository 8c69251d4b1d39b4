import { noServiceTimes } from '@shunt/balancing';
import { describe, expect, it } from 'vitest';
import { endedIn, LoadCounters } from './load-counters.js';
import { allWaits, waitBoundsMs } from './wait-times.js';

const nothing = { counts: new Array(waitBoundsMs.length + 1).fill(0), sumMs: 0 };

describe('LoadCounters', () => {
  it('starts with nothing, and a bucket for every bound and one above', () => {
    expect(new LoadCounters().counts()).toEqual({
      completed: 0,
      failed: 0,
      postponed: 0,
      blamed: 0,
      finishedFailed: 0,
      warm: 0,
      cold: 0,
      times: noServiceTimes,
      alone: 0,
      waits: { soft: nothing, strict: nothing, none: nothing },
      eligible: new Array(waitBoundsMs.length + 1).fill(0),
      eligibleSumMs: 0,
      runs: {},
      picked: 0,
      pickedAtMs: 0,
      responseMs: null,
      errorRatio: 0,
    });
  });

  it('counts a wait in the first bucket whose bound it does not exceed', () => {
    for (const [waitMs, bucket] of [
      [0, 0],
      [1, 0],
      [1.5, 1],
      [2, 1],
      [60_000, waitBoundsMs.length - 1],
      [60_001, waitBoundsMs.length],
    ] as const) {
      const counters = new LoadCounters();
      counters.started('none', { affinity: 'none', waitMs, eligibleMs: waitMs }, 0);
      expect(counters.counts().waits.none.counts.indexOf(1)).toBe(bucket);
      expect(counters.counts().waits.none.sumMs).toBe(waitMs);
      expect(counters.counts().eligible.indexOf(1)).toBe(bucket);
      expect(counters.counts().eligibleSumMs).toBe(waitMs);
    }
  });

  it('counts warm and cold starts of agents, and neither for a task without one', () => {
    const counters = new LoadCounters();
    for (const home of ['warm', 'cold', 'cold', 'none'] as const)
      counters.started(home, { affinity: 'soft', waitMs: 5, eligibleMs: 1 }, 0);
    expect(counters.counts()).toMatchObject({ warm: 1, cold: 2, alone: 1 });
    expect(allWaits(counters.counts().waits).sumMs).toBe(20);
  });

  it('counts no wait of a later attempt', () => {
    const counters = new LoadCounters();
    counters.started('warm', { affinity: 'soft', waitMs: null, eligibleMs: 3 }, 0);
    expect(counters.counts()).toMatchObject({
      warm: 1,
      waits: { soft: nothing, strict: nothing, none: nothing },
      eligibleSumMs: 3,
    });
  });

  it('counts ends by outcome', () => {
    const counters = new LoadCounters();
    for (const outcome of ['completed', 'failed', 'completed'] as const) counters.ended(outcome, true);
    expect(counters.counts()).toMatchObject({ completed: 2, failed: 1 });
  });

  it('reports how long attempts take and how many fail, by the clock it is given', () => {
    let nowMs = 5000;
    const counters = new LoadCounters(() => nowMs);
    counters.ended('completed', true);
    counters.took(200);
    counters.ended('failed', true, false);
    expect(counters.counts()).toMatchObject({ responseMs: 200, errorRatio: 0 });
    counters.ended('failed', true, true);
    expect(counters.counts()).toMatchObject({ responseMs: 200, errorRatio: 1 / 4 });
    nowMs += 10_000;
    const { responseMs, errorRatio } = counters.counts();
    expect(responseMs).toBeCloseTo(200 / Math.E, 3);
    expect(errorRatio).toBeLessThan(1 / 4);
  });

  it('counts starts and tells when the last was, whatever the attempt', () => {
    const counters = new LoadCounters();
    counters.started('none', { affinity: 'soft', waitMs: 1, eligibleMs: null }, 500);
    counters.started('none', { affinity: 'soft', waitMs: null, eligibleMs: null }, 700);
    expect(counters.counts()).toMatchObject({ picked: 2, pickedAtMs: 700 });
  });

  it("tells apart the failures that are the worker's fault", () => {
    const counters = new LoadCounters();
    counters.ended('failed', true, false);
    counters.ended('failed', false, true);
    counters.ended('postponed', false, false);
    const counts = counters.counts();
    expect(counts).toMatchObject({ failed: 2, postponed: 1, blamed: 1, finishedFailed: 1 });
    expect(endedIn(counts)).toBe(3);
  });

  it('sums how long warm and cold attempts took, from report to report', () => {
    const counters = new LoadCounters();
    counters.took(100.4, 'warm');
    counters.took(300, 'cold');
    counters.took(50);
    counters.counts();
    counters.took(200, 'warm');
    const times = { warm: { tasks: 2, sumMs: 300 }, cold: { tasks: 1, sumMs: 300 } };
    expect([counters.counts().times, counters.counts().times]).toEqual([times, times]);
  });

  it('hands out counts that do not change afterwards', () => {
    const counters = new LoadCounters();
    const counts = counters.counts();
    counters.started('none', { affinity: 'soft', waitMs: 1, eligibleMs: null }, 0);
    expect(counts.waits.soft.counts[0]).toBe(0);
  });
});
