import { hash32, mix32 } from '../hash.js';
import type { Strategy } from '../strategy.js';
import { loadOf, type WorkerSnapshot } from '../worker-snapshot.js';

/** The worker with the smallest share of its weighted slots in use. Ties go by a hash of task and worker, so they do not herd. */
export const leastConnections: Strategy<null> = {
  name: 'least-connections',
  initial: () => null,
  pick: (state, task, free) => {
    const seed = hash32(task.id);
    let best = free[0] as WorkerSnapshot;
    let bestLoad = weightedLoad(best);
    let bestTie = mix32(seed, hash32(best.id));
    for (const worker of free.slice(1)) {
      const load = weightedLoad(worker);
      if (load > bestLoad) continue;
      const tie = mix32(seed, hash32(worker.id));
      if (load === bestLoad && tie <= bestTie) continue;
      best = worker;
      bestLoad = load;
      bestTie = tie;
    }
    return { worker: best.id, state };
  },
};

/** Load after the task, so that an idle big worker beats an idle small one. */
function weightedLoad(worker: WorkerSnapshot): number {
  return (loadOf(worker) + 1 / worker.slots) / worker.weight;
}
