import { candidates, type PlacementTask } from './eligibility.js';
import type { Strategy } from './strategy.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

/** A task and the worker picked for it. */
export interface Assignment {
  readonly task: string;
  readonly worker: string;
}

/**
 * Places tasks in order, each on a worker with a free slot, counting its own placements. What finds none stays where it is.
 *
 * Costs O(tasks x workers) at worst; ends early once no worker is free.
 */
export function placeBatch<State>(
  strategy: Strategy<State>,
  initial: State,
  tasks: readonly PlacementTask[],
  workers: readonly WorkerSnapshot[],
): { placements: readonly Assignment[]; state: State } {
  const current = new Map(workers.map((worker) => [worker.id, worker]));
  const placements: Assignment[] = [];
  let state = initial;
  for (const task of tasks) {
    const found = candidates(task, [...current.values()]);
    if (found.kind === 'none') {
      if (found.reason === 'none-eligible' && task.labels) continue;
      break;
    }
    const pick = strategy.pick(state, task, found.workers);
    state = pick.state;
    const worker = current.get(pick.worker) as WorkerSnapshot;
    current.set(worker.id, { ...worker, waiting: worker.waiting + 1 });
    placements.push({ task: task.id, worker: worker.id });
  }
  return { placements, state };
}
