import type { PlacementTask } from './eligibility.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

/**
 * Picks a worker for a task. Pure: what it remembers between decisions is a value that comes in and goes out.
 *
 * `State` is plain data. The order of the workers never matters.
 */
export interface Strategy<State = unknown> {
  readonly name: string;
  /** What it remembers before the first decision. */
  initial(): State;
  /** Picks among workers that may run the task and have a free slot; never called with none. */
  pick(state: State, task: PlacementTask, free: readonly WorkerSnapshot[]): { worker: string; state: State };
}
