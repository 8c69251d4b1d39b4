import { type WorkerStats, workerState } from '@shunt/lanes';

/** How a worker is seen by who watches the pool. */
export const seenStates = ['up', 'out', 'draining', 'drained', 'dead', 'replaced'] as const;
export type SeenState = (typeof seenStates)[number];

/** As workers are listed, but for the dead that nobody misses: a drained one stays so, and another one may be in its place. */
export function seenState(worker: WorkerStats): SeenState {
  if (worker.isDrained) return 'drained';
  return worker.isReplaced ? 'replaced' : workerState(worker);
}
