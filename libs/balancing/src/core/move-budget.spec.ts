import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earnMoves, mostSavedMoves, moveCost } from './move-budget.js';

describe('earnMoves', () => {
  it('earns one move with ten finished tasks', () => {
    expect(earnMoves(0, 10, 64)).toBe(1);
  });

  it('earns nothing with a share of 0', () => {
    expect(earnMoves(0, 1_000_000, 64, 0)).toBe(0);
  });

  it('saves up to one move for every second slot, and 8 in the smallest pool', () => {
    expect(earnMoves(31.9, 1000, 64)).toBe(32);
    expect(earnMoves(0, 1000, 1)).toBe(8);
  });

  it('cuts what was saved when slots leave', () => {
    expect(earnMoves(32, 0, 16)).toBe(mostSavedMoves(16));
  });

  it('never pays for more than a tenth of the tasks and one full bucket', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50)), fc.integer({ min: 1, max: 500 }), (batches, slots) => {
        let moves = 0;
        let spent = 0;
        for (const finished of batches) {
          moves = earnMoves(moves, finished, slots);
          for (; moves >= 1; moves--) spent++;
        }
        const finished = batches.reduce((sum, count) => sum + count, 0);
        expect(spent).toBeLessThanOrEqual(finished / 10 + 1e-6);
      }),
    );
  });
});

describe('moveCost', () => {
  it.each([
    [0, 8, 0],
    [4, 8, 0],
    [5, 8, 1],
    [0, 1, 0],
    [1, 3, 0],
    [2, 3, 1],
  ])('for a worker that runs %i of %i is %i', (running, slots, cost) => {
    expect(moveCost(running, slots)).toBe(cost);
  });
});
