import { describe, expect, it } from 'vitest';
import { countPlaced, itKeepsTheContract, place } from '../../../../../test/conformance/strategy-cases.js';
import { agentTasks, idleWorker, idleWorkers } from '../../../../../test/support/workers.js';
import { powerOfTwo } from './power-of-two.js';
import { random } from './random.js';

const spreadOf = (counts: Record<string, number>) =>
  Math.max(...Object.values(counts)) - Math.min(...Object.values(counts));

describe('power-of-two', () => {
  itKeepsTheContract(powerOfTwo);

  it('takes the less loaded of two', () => {
    const workers = [idleWorker('busy', { slots: 10, running: 5 }), idleWorker('calm', { slots: 10, running: 2 })];
    expect(place(powerOfTwo, agentTasks(3), workers)).toEqual(['calm', 'calm', 'calm']);
  });

  it('never takes the most loaded of many while others are free', () => {
    const workers = [...idleWorkers(9), idleWorker('worst', { running: 500_000 })];
    expect(countPlaced(powerOfTwo, agentTasks(5000), workers)).not.toHaveProperty('worst');
  });

  it('keeps 100 workers within 8 tasks of each other after 10,000, where random is more than 30 apart', () => {
    expect(spreadOf(countPlaced(powerOfTwo, agentTasks(10_000), idleWorkers(100)))).toBeLessThanOrEqual(8);
    expect(spreadOf(countPlaced(random, agentTasks(10_000), idleWorkers(100)))).toBeGreaterThan(30);
  });

  it('fills unequal workers in proportion to slots times weight, within 5 % at 14,000 picks', () => {
    const workers = [
      idleWorker('small', { slots: 10_000 }),
      idleWorker('wide', { slots: 40_000 }),
      idleWorker('heavy', { slots: 10_000, weight: 2 }),
    ];
    const counts = countPlaced(powerOfTwo, agentTasks(14_000), workers);
    for (const [id, share] of Object.entries({ small: 2000, wide: 8000, heavy: 4000 })) {
      expect(Math.abs((counts[id] ?? 0) / share - 1)).toBeLessThan(0.05);
    }
  });
});
