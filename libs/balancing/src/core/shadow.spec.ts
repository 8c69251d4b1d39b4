import { describe, expect, it } from 'vitest';
import { agentTasks, idleWorkers } from '../../../../test/support/workers.js';
import { placeBatch } from './place-batch.js';
import { placeInShadow } from './shadow.js';
import { consistentHash } from './strategies/consistent-hash.js';
import { roundRobin } from './strategies/round-robin.js';

const workers = idleWorkers(4);
const tasks = agentTasks(100);
const chance = () => 0.5;
const { placements } = placeBatch(roundRobin, roundRobin.initial(), tasks, workers, chance);

describe('placeInShadow', () => {
  it('agrees with itself', () => {
    const { count } = placeInShadow(roundRobin, roundRobin.initial(), tasks, workers, placements, chance);
    expect(count).toEqual({ agreed: 100, differed: 0 });
  });

  it('counts every task that was placed, as agreed or differed', () => {
    const { count } = placeInShadow(consistentHash, consistentHash.initial(), tasks, workers, placements, chance);
    expect(count.agreed + count.differed).toBe(100);
    expect(count.agreed).toBeGreaterThan(5);
    expect(count.differed).toBeGreaterThan(50);
  });

  it('counts a task that the shadow leaves in the yard as a difference', () => {
    const { count } = placeInShadow(roundRobin, roundRobin.initial(), tasks, [], placements, chance);
    expect(count).toEqual({ agreed: 0, differed: 100 });
  });

  it('counts nothing where nothing was placed', () => {
    const { count } = placeInShadow(roundRobin, roundRobin.initial(), tasks, workers, [], chance);
    expect(count).toEqual({ agreed: 0, differed: 0 });
  });

  it('carries the memory of the shadow on', () => {
    const first = placeInShadow(
      roundRobin,
      roundRobin.initial(),
      tasks.slice(0, 3),
      workers,
      placements.slice(0, 3),
      chance,
    );
    const next = placeInShadow(roundRobin, first.state, tasks.slice(3), workers, placements.slice(3), chance);
    expect(next.count).toEqual({ agreed: 97, differed: 0 });
  });
});
