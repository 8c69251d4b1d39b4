import { describe, expect, it } from 'vitest';
import { itKeepsTheContract, place, placeFrom } from '../../../../../test/conformance/strategy-cases.js';
import { agentTasks, idleWorker, idleWorkers } from '../../../../../test/support/workers.js';
import { roundRobin } from './round-robin.js';

describe('round-robin', () => {
  itKeepsTheContract(roundRobin);

  it('goes round by id', () => {
    expect(place(roundRobin, agentTasks(5), idleWorkers(3))).toEqual(['w0', 'w1', 'w2', 'w0', 'w1']);
  });

  it('goes on with the next one after its last pick left', () => {
    const { state } = placeFrom(roundRobin, roundRobin.initial(), agentTasks(2), idleWorkers(4));
    const left = idleWorkers(4).filter(({ id }) => id !== 'w1');
    const { placements } = placeFrom(roundRobin, state, agentTasks(4), left);
    expect(placements.map(({ worker }) => worker)).toEqual(['w2', 'w3', 'w0', 'w2']);
  });

  it('gives a worker that was full its missed turn first', () => {
    const { state } = placeFrom(roundRobin, roundRobin.initial(), agentTasks(3), idleWorkers(3));
    const full = idleWorkers(3).map((worker) => (worker.id === 'w0' ? { ...worker, slots: 1, running: 1 } : worker));
    const later = placeFrom(roundRobin, state, agentTasks(2), full);
    const { placements } = placeFrom(roundRobin, later.state, agentTasks(2), idleWorkers(3));
    expect(placements.map(({ worker }) => worker)).toEqual(['w0', 'w1']);
  });

  it('gives a newcomer one turn and no more before the others', () => {
    const { state } = placeFrom(roundRobin, roundRobin.initial(), agentTasks(10), idleWorkers(2));
    const { placements } = placeFrom(roundRobin, state, agentTasks(4), [...idleWorkers(2), idleWorker('new')]);
    expect(placements.map(({ worker }) => worker)).toEqual(['new', 'w0', 'w1', 'new']);
  });

  it('heeds neither weight nor load', () => {
    const workers = [idleWorker('w0', { running: 900, weight: 0.1 }), idleWorker('w1', { weight: 9 })];
    expect(place(roundRobin, agentTasks(4), workers)).toEqual(['w0', 'w1', 'w0', 'w1']);
  });
});
