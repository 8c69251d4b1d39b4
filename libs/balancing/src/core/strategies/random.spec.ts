import { describe, expect, it } from 'vitest';
import { countPlaced, itKeepsTheContract, place } from '../../../../../test/conformance/strategy-cases.js';
import { chiSquare } from '../../../../../test/support/chi-square.js';
import { agentTasks, idleWorker, idleWorkers } from '../../../../../test/support/workers.js';
import { random } from './random.js';

describe('random', () => {
  itKeepsTheContract(random);

  it('is even over 20 workers: chi-square of 40,000 picks below 43.8, the 99.9th percentile at 19 degrees', () => {
    const counts = Object.values(countPlaced(random, agentTasks(40_000), idleWorkers(20)));
    expect(counts).toHaveLength(20);
    expect(chiSquare(counts, 2000)).toBeLessThan(43.8);
  });

  it('gives shares in proportion to weight, within 5 % at 40,000 picks', () => {
    const workers = [1, 2, 5].map((weight) => idleWorker(`w${weight}`, { weight }));
    const counts = countPlaced(random, agentTasks(40_000), workers);
    for (const weight of [1, 2, 5]) {
      expect(Math.abs((counts[`w${weight}`] ?? 0) / (weight * 5000) - 1)).toBeLessThan(0.05);
    }
  });

  it('repeats the last pick as often as chance does: a tenth of 20,000 over 10 workers, within 10 %', () => {
    const picks = place(random, agentTasks(20_000), idleWorkers(10));
    const repeats = picks.filter((worker, n) => worker === picks[n - 1]).length;
    expect(Math.abs(repeats / 2000 - 1)).toBeLessThan(0.1);
  });

  it('heeds no load', () => {
    const workers = [idleWorker('busy', { running: 900_000 }), idleWorker('idle')];
    const counts = countPlaced(random, agentTasks(2000), workers);
    expect(counts.busy).toBeGreaterThan(900);
  });
});
