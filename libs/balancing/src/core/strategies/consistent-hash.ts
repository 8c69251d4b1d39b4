import { hash32, mix32 } from '../hash.js';
import type { Strategy } from '../strategy.js';
import type { WorkerSnapshot } from '../worker-snapshot.js';

/** How far above the mean load a worker may be filled before its agents go to their next choice. */
export const loadFactor = 1.25;

/**
 * Each agent to the worker its id hashes to, unless that one is above 1.25 times the mean load: then to its next choice.
 * Rendezvous hashing, weighted: when a worker joins or leaves only its own share of the agents moves.
 *
 * Sources: Thaler & Ravishankar 1998 (rendezvous); Mirrokni, Thorup, Zadimoghaddam 2018 (bounded loads).
 */
export const consistentHash: Strategy<null> = {
  name: 'consistent-hash',
  initial: () => null,
  pick: (state, task, free) => {
    const key = hash32(task.agent ?? task.id);
    const bounded = free.filter(isBelowBound(free));
    const worker = highestScore(key, bounded.length > 0 ? bounded : free);
    return { worker: worker.id, state };
  },
};

/** The bound of each worker: its weighted share of all tasks with this one, times the load factor, rounded up. */
function isBelowBound(free: readonly WorkerSnapshot[]): (worker: WorkerSnapshot) => boolean {
  let tasks = 1;
  let weights = 0;
  for (const { running, waiting, weight } of free) {
    tasks += running + waiting;
    weights += weight;
  }
  const perWeight = (loadFactor * tasks) / weights;
  return ({ running, waiting, weight }) => running + waiting + 1 <= Math.ceil(perWeight * weight);
}

function highestScore(key: number, workers: readonly WorkerSnapshot[]): WorkerSnapshot {
  let best = workers[0] as WorkerSnapshot;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const worker of workers) {
    const uniform = (mix32(key, hash32(worker.id)) + 0.5) / 2 ** 32;
    const score = worker.weight / -Math.log(uniform);
    if (score > bestScore || (score === bestScore && worker.id < best.id)) {
      best = worker;
      bestScore = score;
    }
  }
  return best;
}
