import type { WorkerSnapshot } from './worker-snapshot.js';

/** What a placement must know of a task. */
export interface PlacementTask {
  readonly id: string;
  /** Agent key; absent for a task of no agent. */
  readonly agent?: string;
  /** Where it comes from, for the distance to a worker; absent when it does not matter. */
  readonly zone?: string;
  /** Labels a worker must carry. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Workers that are not to run it while another may: they refused it, or it failed there. */
  readonly avoid?: ReadonlySet<string>;
}

/** Whether a worker takes new tasks at all, however busy it is. */
export function isRoutable(worker: WorkerSnapshot): boolean {
  return worker.state === 'up' && worker.weight > 0 && worker.slots > 0;
}

/** Whether a worker carries every label a task asks for. */
export function hasLabels({ labels = {} }: PlacementTask, worker: WorkerSnapshot): boolean {
  return carriesLabels(labels, worker);
}

/** Whether a worker carries all these labels. */
export function carriesLabels(labels: Readonly<Record<string, string>>, worker: WorkerSnapshot): boolean {
  return Object.entries(labels).every(
    ([name, value]) => Object.hasOwn(worker.labels, name) && worker.labels[name] === value,
  );
}

/** Whether a worker may run a task, however busy it is. */
export function isEligible(task: PlacementTask, worker: WorkerSnapshot): boolean {
  return isRoutable(worker) && hasLabels(task, worker);
}
