import { describe, expect, it } from 'vitest';
import { countPlaced, itKeepsTheContract, place } from '../../../../../test/conformance/strategy-cases.js';
import { agentTasks, idleWorker, idleWorkers } from '../../../../../test/support/workers.js';
import { leastConnections } from './least-connections.js';

describe('least-connections', () => {
  itKeepsTheContract(leastConnections);

  it('fills the worker with the smallest share of its slots in use first', () => {
    const workers = [
      idleWorker('busy', { slots: 10, running: 6 }),
      idleWorker('calm', { slots: 10, running: 2, waiting: 1 }),
      idleWorker('small', { slots: 2, running: 1 }),
    ];
    expect(place(leastConnections, agentTasks(3), workers)).toEqual(['calm', 'calm', 'calm']);
  });

  it('counts what waits in the lane as what runs', () => {
    const workers = [idleWorker('runs', { slots: 8, running: 3 }), idleWorker('queues', { slots: 8, waiting: 4 })];
    expect(place(leastConnections, agentTasks(1), workers)).toEqual(['runs']);
  });

  it('prefers an idle big worker to an idle small one', () => {
    const workers = [idleWorker('small', { slots: 2 }), idleWorker('big', { slots: 16 })];
    expect(place(leastConnections, agentTasks(1), workers)).toEqual(['big']);
  });

  it('spreads in proportion to slots times weight', () => {
    const workers = [
      idleWorker('plain', { slots: 1000 }),
      idleWorker('wide', { slots: 2000 }),
      idleWorker('heavy', { slots: 1000, weight: 3 }),
    ];
    expect(countPlaced(leastConnections, agentTasks(600), workers)).toEqual({ plain: 100, wide: 200, heavy: 300 });
  });

  it('sends the first tasks of many dispatchers to different workers', () => {
    const firsts = agentTasks(1000).map((task) => place(leastConnections, [task], idleWorkers(10))[0] ?? '');
    const counts = [...new Set(firsts)].map((id) => firsts.filter((first) => first === id).length);
    expect(counts).toHaveLength(10);
    expect(Math.max(...counts)).toBeLessThanOrEqual(150);
  });
});
