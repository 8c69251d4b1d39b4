import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPlaced, itKeepsTheContract, place } from '../../../../../test/conformance/strategy-cases.js';
import { agentTasks, idleWorker, idleWorkers } from '../../../../../test/support/workers.js';
import type { WorkerSnapshot } from '../worker-snapshot.js';
import { consistentHash, loadFactor } from './consistent-hash.js';

/** The first choice of each agent while nobody is at a bound: a batch of its own for each. */
function homes(agents: number, workers: readonly WorkerSnapshot[]): (string | undefined)[] {
  return agentTasks(agents).map((task) => place(consistentHash, [task], workers)[0]);
}

describe('consistent-hash', () => {
  itKeepsTheContract(consistentHash);

  it('sends every task of an agent to one worker', () => {
    const tasks = Array.from({ length: 30 }, (_, n) => ({ id: `t${n}`, agent: 'a-42' }));
    const ids = tasks.map((task) => place(consistentHash, [task], idleWorkers(7))[0]);
    expect(new Set(ids).size).toBe(1);
  });

  it('hashes the id of a task without an agent', () => {
    const ids = Array.from({ length: 200 }, (_, n) => place(consistentHash, [{ id: `t${n}` }], idleWorkers(4))[0]);
    expect(new Set(ids).size).toBe(4);
  });

  it('moves to a worker that joins only what it takes, about its share', () => {
    const before = homes(4000, idleWorkers(7));
    const after = homes(4000, idleWorkers(8));
    const moved = after.filter((home, n) => home !== before[n]);
    expect(new Set(moved)).toEqual(new Set(['w7']));
    expect(moved.length).toBeGreaterThan(400);
    expect(moved.length).toBeLessThan(600);
  });

  it('moves from a worker that leaves only what it had', () => {
    const before = homes(2000, idleWorkers(8));
    const after = homes(2000, idleWorkers(7));
    expect(after.filter((home, n) => before[n] !== 'w7' && home !== before[n])).toEqual([]);
  });

  it('gives shares in proportion to weight, within 15 %', () => {
    const workers = [idleWorker('one'), idleWorker('two', { weight: 2 }), idleWorker('five', { weight: 5 })];
    const ids = homes(8000, workers);
    const share = (id: string) => ids.filter((home) => home === id).length / 1000;
    expect(Math.abs(share('one') - 1)).toBeLessThan(0.15);
    expect(Math.abs(share('two') / 2 - 1)).toBeLessThan(0.15);
    expect(Math.abs(share('five') / 5 - 1)).toBeLessThan(0.15);
  });

  it('fills no worker above 1.25 times its weighted share, rounded up', () => {
    const weights = fc.array(fc.constantFrom(0.5, 1, 2, 3), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 300 }), fc.boolean(), (all, tasks, isHot) => {
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const workers = all.map((weight, n) => idleWorker(`w${n}`, { weight }));
        const asked = agentTasks(tasks).map((task) => (isHot ? { ...task, agent: 'hot' } : task));
        const counts = countPlaced(consistentHash, asked, workers);
        for (const [n, weight] of all.entries()) {
          const bound = Math.ceil((loadFactor * tasks * weight) / total);
          expect(counts[`w${n}`] ?? 0).toBeLessThanOrEqual(bound);
        }
      }),
    );
  });

  it('fills the first choice of one hot agent to its bound and spreads the rest', () => {
    const tasks = Array.from({ length: 100 }, (_, n) => ({ id: `t${n}`, agent: 'hot' }));
    const counts = Object.values(countPlaced(consistentHash, tasks, idleWorkers(4))).sort((a, b) => b - a);
    expect(counts[0]).toBe(32);
    expect(counts).toHaveLength(4);
  });

  it('keeps agents at home that the bound over free workers alone would send away', () => {
    const full = idleWorker('full', { slots: 90, running: 90 });
    const agents = agentTasks(200).filter((task) => place(consistentHash, [task], idleWorkers(2))[0] === 'w0');
    const placed = place(consistentHash, agents.slice(0, 20), [...idleWorkers(2), full]);
    expect(new Set(placed)).toEqual(new Set(['w0']));
  });

  it('balances the free workers where the full ones are too small for their share', () => {
    const full = Array.from({ length: 8 }, (_, n) => idleWorker(`full${n}`, { slots: 1, running: 1 }));
    const counts = countPlaced(consistentHash, agentTasks(400), [...full, ...idleWorkers(2)]);
    expect(Math.max(...Object.values(counts))).toBeLessThanOrEqual(Math.ceil((loadFactor * 400) / 2));
  });
});
