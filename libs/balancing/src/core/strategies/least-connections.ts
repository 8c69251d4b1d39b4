import type { Candidate } from '../candidate.js';
import { hash32 } from '../hash.js';
import { strategy } from '../strategy.js';

/**
 * The worker with the smallest share of its weighted slots in use, this task counted, so that an idle big worker beats an
 * idle small one. Ties go by a hash of task and worker, so they do not herd.
 */
export const leastConnections = strategy('least-connections', (task, free) => {
  const seed = hash32(task.id);
  let best = free[0] as Candidate;
  let bestLoad = Number.POSITIVE_INFINITY;
  let bestTie = 0;
  for (const worker of free) {
    const load = worker.nextLoad;
    if (load > bestLoad) continue;
    const tie = worker.mixedWith(seed);
    if (load === bestLoad && (tie < bestTie || (tie === bestTie && worker.id > best.id))) continue;
    best = worker;
    bestLoad = load;
    bestTie = tie;
  }
  return best;
});
