import { bench, describe } from 'vitest';
import { Candidate } from './candidate.js';
import type { PlacementTask } from './eligibility.js';
import { placeBatch } from './place-batch.js';
import { strategies } from './strategies.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

const workers: WorkerSnapshot[] = Array.from({ length: 1000 }, (_, n) => ({
  id: `host-${n}-4711-${n.toString(36)}`,
  slots: 50,
  running: n % 50,
  waiting: 0,
  weight: 1 + (n % 3),
  responseMs: 100 + (n % 7) * 30,
  errorRatio: (n % 11) / 100,
  zone: `zone-${n % 4}`,
  labels: {},
  state: 'up',
}));
const tasks = Array.from({ length: 1000 }, (_, n) => ({
  id: `agent-${n}~${n}`,
  agent: `agent-${n}`,
  zone: `zone-${n % 4}`,
}));
/** Costs nothing, and is even enough for a benchmark. */
let drawn = 0;
const chance = () => {
  drawn = (drawn + 0.618_033_988_75) % 1;
  return drawn;
};

/**
 * The bar of 20 us for each decision is 20 ms for the batch. A process has one strategy: `-t random` measures one alone, which
 * is what counts, as one that ran before makes the next one's loops slower.
 */
describe('places 1,000 tasks on 1,000 workers', () => {
  for (const strategy of Object.values(strategies)) {
    bench(strategy.name, () => {
      placeBatch(strategy, strategy.initial(), tasks, workers, chance);
    });
  }
});

/** A decision alone, among workers that a batch has looked at already. */
describe('picks one of 1,000 workers', () => {
  for (const strategy of Object.values(strategies)) {
    const eligible = workers.map((worker) => new Candidate(worker, 0));
    const free = eligible.filter(({ isFree }) => isFree);
    let picked = 0;
    bench(strategy.name, () => {
      strategy.pick(tasks[picked++ % tasks.length] as PlacementTask, free, eligible, chance);
    });
  }
});

/** The same with what a batch costs before its first decision: 1,000 workers looked at, and their ids hashed or their memory kept. */
describe('places 1 task on 1,000 workers', () => {
  for (const strategy of Object.values(strategies)) {
    bench(strategy.name, () => {
      placeBatch(strategy, strategy.initial(), tasks.slice(0, 1), workers, chance);
    });
  }
});
