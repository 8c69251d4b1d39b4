import type { Candidate } from '../candidate.js';
import { drawTwo } from '../draw.js';
import { hash32 } from '../hash.js';
import { strategy } from '../strategy.js';

/** How far above the mean load a worker may be filled before its agents go to their next choice. */
export const loadFactor = 1.25;

/**
 * Each agent to the worker its id hashes to, unless that one is full or above 1.25 times its share of the load: then to its
 * next choice. Rendezvous hashing, weighted: when a worker joins or leaves only its own share of the agents moves.
 *
 * The share is of all eligible workers, full ones too. Where those are too small for theirs, every free worker may be above
 * its own: then the share is of what the free ones hold, and one of them is always below.
 *
 * Sources: those of `drawTwo`; Mirrokni, Thorup, Zadimoghaddam 2018 (bounded loads).
 */
export const consistentHash = strategy('consistent-hash', (task, free, eligible) => {
  const key = hash32(task.agent ?? task.id);
  const { first } = drawTwo(key, free, 'weight', boundPerWeight(eligible));
  return first ?? (drawTwo(key, free, 'weight', boundPerWeight(free)).first as Candidate);
});

/** What a worker must hold less than to get this task, for each unit of its weight: it never holds more than that rounded up. */
function boundPerWeight(workers: readonly Candidate[]): number {
  let tasks = 1;
  let weights = 0;
  for (const worker of workers) {
    tasks += worker.tasks;
    weights += worker.weight;
  }
  return (loadFactor * tasks) / weights;
}
