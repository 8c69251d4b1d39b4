import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choosePull, type PullView } from './pull-choice.js';

const view = (options: Partial<PullView>): PullView => ({
  nowMs: 1000,
  running: 0,
  slots: 8,
  isStraggler: false,
  runsCold: false,
  laneScore: null,
  yardScore: null,
  foreignAtMs: null,
  moves: 0,
  ...options,
});
const anyScore = fc.option(fc.nat(2000));
const anyView: fc.Arbitrary<PullView> = fc.record({
  nowMs: fc.nat(2000),
  running: fc.nat(7),
  slots: fc.constant(8),
  isStraggler: fc.boolean(),
  runsCold: fc.boolean(),
  laneScore: anyScore,
  yardScore: anyScore,
  foreignAtMs: anyScore,
  moves: fc.double({ min: 0, max: 8, noNaN: true }),
});

describe('choosePull', () => {
  it.each([
    ['its own older task', { laneScore: 5, yardScore: 6 }, 'lane'],
    ['its own among equals', { laneScore: 5, yardScore: 5 }, 'lane'],
    ['the older task of the yard', { laneScore: 6, yardScore: 5 }, 'yard'],
    ['its own of score 0', { laneScore: 0, yardScore: 1 }, 'lane'],
    [
      'a foreign one whose patience is over, for free when it is half busy',
      { foreignAtMs: 1000, running: 4 },
      'free-move',
    ],
    ['a foreign one for a move of the budget when busier', { foreignAtMs: 1000, running: 5, moves: 1 }, 'paid-move'],
    ['nothing when busier and the budget is empty', { foreignAtMs: 1000, running: 5, moves: 0.9 }, 'none'],
    ['nothing while the patience lasts', { foreignAtMs: 1001 }, 'none'],
    ['nothing where nothing waits', {}, 'none'],
  ] as const)('takes %s', (_what, options, expected) => {
    expect(choosePull(view(options))).toBe(expected);
  });

  it.each([
    ['the older of lane and yard', { laneScore: 6, yardScore: 5 }, 'yard'],
    ['one of the yard as a canary, beside tasks of its own', { yardScore: 5, running: 1 }, 'yard'],
    ['no second one of the yard', { yardScore: 5, running: 1, runsCold: true }, 'none'],
    ['its own beside the canary, however old the yard', { laneScore: 6, yardScore: 5, runsCold: true }, 'lane'],
    ['no foreign one', { foreignAtMs: 0, moves: 8 }, 'none'],
  ] as const)('as a straggler takes %s', (_what, options, expected) => {
    expect(choosePull(view({ ...options, isStraggler: true }))).toBe(expected);
  });

  it('moves an agent only when neither lane nor yard holds a task and the patience is over', () => {
    fc.assert(
      fc.property(anyView, (seen) => {
        const isMove = choosePull(seen).endsWith('-move');
        if (!isMove) return;
        expect([seen.laneScore, seen.yardScore]).toEqual([null, null]);
        expect(seen.foreignAtMs).toBeLessThanOrEqual(seen.nowMs);
      }),
    );
  });

  it('leaves no slot free beside a task of its own lane', () => {
    fc.assert(
      fc.property(anyView, fc.nat(), (seen, laneScore) => {
        expect(choosePull({ ...seen, laneScore })).not.toBe('none');
      }),
    );
  });
});
