import type { WorkerSnapshot } from '@shunt/balancing';
import type { Worker } from './model.js';

/** A worker as strategies see it. */
export function snapshotOf(worker: Worker): WorkerSnapshot {
  const { id, slots, running, outstanding } = worker;
  return {
    id,
    slots,
    running: running.size,
    waiting: outstanding - running.size,
    weight: 1,
    labels: {},
    state: 'up',
  };
}
