import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPlaced, itKeepsTheContract, place, placeFrom } from '../../../../../test/conformance/strategy-cases.js';
import { agentTasks, idleWorker } from '../../../../../test/support/workers.js';
import { weightedRoundRobin } from './weighted-round-robin.js';

const fleet = [idleWorker('a', { weight: 5 }), idleWorker('b'), idleWorker('c')];

describe('weighted-round-robin', () => {
  itKeepsTheContract(weightedRoundRobin);

  it("interleaves as nginx does: 5, 1, 1 gives 'aabacaa' again and again", () => {
    expect(place(weightedRoundRobin, agentTasks(14), fleet).join('')).toBe('aabacaaaabacaa');
  });

  it('keeps its turn from batch to batch', () => {
    const first = placeFrom(weightedRoundRobin, weightedRoundRobin.initial(), agentTasks(3), fleet);
    const { placements } = placeFrom(weightedRoundRobin, first.state, agentTasks(4), fleet);
    expect(placements.map(({ worker }) => worker).join('')).toBe('acaa');
  });

  it('gives each worker exactly its weight in every full cycle', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 4 }), (all, cycles) => {
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const workers = all.map((weight, n) => idleWorker(`w${n}`, { weight }));
        const expected = Object.fromEntries(all.map((weight, n) => [`w${n}`, weight * cycles]));
        expect(countPlaced(weightedRoundRobin, agentTasks(total * cycles), workers)).toEqual(expected);
      }),
    );
  });

  it('has a worker that was full neither gain nor lose credit', () => {
    const { state } = placeFrom(weightedRoundRobin, weightedRoundRobin.initial(), agentTasks(1), fleet);
    const full = fleet.map((worker) => (worker.id === 'a' ? { ...worker, slots: 1, running: 1 } : worker));
    const later = placeFrom(weightedRoundRobin, state, agentTasks(20), full);
    expect(later.state.get('a')).toBe(-2);
    expect(state.get('a')).toBe(-2);
  });

  it('splits by fractions as by whole numbers', () => {
    const workers = [idleWorker('half', { weight: 0.5 }), idleWorker('whole')];
    expect(countPlaced(weightedRoundRobin, agentTasks(300), workers)).toEqual({ half: 100, whole: 200 });
  });
});
