import { freeSlots, type WorkerSnapshot } from './worker-snapshot.js';

/** What a placement must know of a task. */
export interface PlacementTask {
  readonly id: string;
  /** Agent key; absent for a task of no agent. */
  readonly agent?: string;
  /** Labels a worker must carry. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Why no worker was picked. */
export type NoPick = 'no-workers' | 'none-eligible' | 'none-free';

/** Whether a worker may run a task at all, however busy it is. */
export function isEligible(task: PlacementTask, worker: WorkerSnapshot): boolean {
  if (worker.state !== 'up' || !(worker.weight > 0) || !(worker.slots > 0)) return false;
  return Object.entries(task.labels ?? {}).every(([name, value]) => worker.labels[name] === value);
}

/** The workers that could start a task now, or why there are none. */
export function candidates(
  task: PlacementTask,
  workers: readonly WorkerSnapshot[],
): { kind: 'some'; workers: readonly WorkerSnapshot[] } | { kind: 'none'; reason: NoPick } {
  if (workers.length === 0) return { kind: 'none', reason: 'no-workers' };
  const eligible = workers.filter((worker) => isEligible(task, worker));
  if (eligible.length === 0) return { kind: 'none', reason: 'none-eligible' };
  const free = eligible.filter((worker) => freeSlots(worker) > 0);
  return free.length === 0 ? { kind: 'none', reason: 'none-free' } : { kind: 'some', workers: free };
}
