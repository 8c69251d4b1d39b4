import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Breaker, forcedOpen, neverOpened, nextBreaker, type Patient, slotLimit } from './breaker.js';

const rules = { openMs: 5000, maxOpenMs: 60_000, probes: 3, slowStartMs: 30_000 };
const patient = (some: Partial<Patient> = {}): Patient => ({
  life: 'l1',
  attempts: { ended: 100, failed: 50 },
  isSick: false,
  mayProbe: true,
  ...some,
});
const sick = patient({ isSick: true });
const halfOpen: Breaker = { state: 'half-open', openings: 1, life: 'l1', from: { ended: 100, failed: 50 } };
const after = (ended: number, failed: number) => patient({ attempts: { ended: 100 + ended, failed: 50 + failed } });
const step = (breaker: Breaker, who: Patient, nowMs = 0, canSpare = true) =>
  nextBreaker(breaker, who, rules, nowMs, canSpare);

describe('a closed breaker', () => {
  it('stays closed while its worker is well', () => {
    expect(step(neverOpened, patient())).toBe(neverOpened);
  });

  it('opens when its worker is sick', () => {
    expect(step(neverOpened, sick, 1000)).toEqual({ state: 'open', openings: 1, untilMs: 6000, life: 'l1' });
  });

  it('stays closed when the pool cannot spare its worker', () => {
    expect(step(neverOpened, sick, 0, false)).toBe(neverOpened);
  });

  it('opens for twice as long when it opens again, up to the longest opening', () => {
    const durations = [0, 1, 2, 3, 4, 100].map((openings) => {
      const next = step({ state: 'closed', openings, sinceMs: 0 }, sick);
      return next.state === 'open' ? next.untilMs : null;
    });
    expect(durations).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it.each([
    [29_999, 1],
    [30_000, 0],
  ])('%s ms after it closed remembers %s openings', (nowMs, openings) => {
    expect(step({ state: 'closed', openings: 1, sinceMs: 0 }, patient(), nowMs).openings).toBe(openings);
  });
});

describe('an open breaker', () => {
  const open: Breaker = { state: 'open', openings: 1, untilMs: 5000, life: 'l1' };

  it('stays open until its time is over', () => {
    expect(step(open, patient(), 4999)).toBe(open);
  });

  it('is half-open afterwards, and counts attempts from then', () => {
    expect(step(open, patient(), 5000)).toEqual(halfOpen);
  });

  it('is half-open before its time for a new life', () => {
    const born = patient({ life: 'l2', attempts: { ended: 0, failed: 0 } });
    const from = { ended: 0, failed: 0 };
    expect(step(open, born)).toEqual({ state: 'half-open', openings: 1, life: 'l2', from });
  });

  it('stays open while a check says that its worker is down', () => {
    expect(step(open, patient({ mayProbe: false }), 9000)).toBe(open);
  });
});

describe('a half-open breaker', () => {
  it.each([
    [0, 0, 'half-open'],
    [2, 0, 'half-open'],
    [1, 1, 'half-open'],
    [2, 2, 'open'],
    [3, 2, 'open'],
    [3, 1, 'closed'],
    [3, 0, 'closed'],
    [400, 199, 'closed'],
    [400, 200, 'open'],
  ])('is after %s attempts with %s failures %s', (ended, failed, state) => {
    expect(step(halfOpen, after(ended, failed), 7000).state).toBe(state);
  });

  it('opens for longer than before', () => {
    expect(step(halfOpen, after(3, 3), 7000)).toEqual({ state: 'open', openings: 2, untilMs: 17_000, life: 'l1' });
  });

  it('stays half-open when the pool cannot spare its worker, and counts anew', () => {
    const from = { ended: 103, failed: 53 };
    expect(step(halfOpen, after(3, 3), 0, false)).toEqual({ state: 'half-open', openings: 1, life: 'l1', from });
    expect(step(halfOpen, patient({ mayProbe: false }), 0, false)).toBe(halfOpen);
  });

  it('begins anew with a new life', () => {
    const born = patient({ life: 'l2', attempts: { ended: 2, failed: 2 } });
    expect(step(halfOpen, born)).toMatchObject({ state: 'half-open', life: 'l2', from: { ended: 2, failed: 2 } });
  });

  it('opens when a check says that its worker is down', () => {
    expect(step(halfOpen, patient({ mayProbe: false })).state).toBe('open');
  });

  it('closes into a slow start', () => {
    expect(step(halfOpen, after(3, 0), 7000)).toEqual({ state: 'closed', openings: 1, sinceMs: 7000 });
  });
});

describe('forcedOpen', () => {
  it('is half-open at the first look without the order', () => {
    const forced = forcedOpen(neverOpened, patient());
    expect(step(forced, patient()).state).toBe('half-open');
  });
});

describe('slotLimit', () => {
  const limit = (breaker: Breaker, nowMs = 0, slots = 20) => slotLimit(breaker, slots, rules, nowMs);
  const closing: Breaker = { state: 'closed', openings: 1, sinceMs: 0 };

  it('gives a closed one all slots, an open one none, a half-open one its probes', () => {
    expect([limit(neverOpened), limit(forcedOpen(neverOpened, patient())), limit(halfOpen)]).toEqual([null, 0, 3]);
    expect(limit(halfOpen, 0, 2)).toBe(2);
  });

  it.each([
    [0, 2],
    [15_000, 11],
    [29_000, 20],
    [30_000, null],
  ])('gives one that closed %s ms ago %s of 20 slots', (nowMs, slots) => {
    expect(limit(closing, nowMs)).toBe(slots);
  });

  it('gives one that may run at least one slot and never more than it has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 0, max: 40_000 }), (slots, nowMs) => {
        const given = limit(closing, nowMs, slots);
        return given === null || (given >= 1 && given <= slots);
      }),
    );
  });
});
