import type { WorkerSnapshot } from '@shunt/balancing';
import type { Worker } from './model.js';

/** A worker as strategies see it. Nothing fails in a simulation, and nothing has a zone. */
export function snapshotOf(worker: Worker, nowMs: number): WorkerSnapshot {
  const { id, slots, running, outstanding } = worker;
  const responseMs = worker.response.at(nowMs);
  return {
    id,
    slots,
    running: running.size,
    waiting: outstanding - running.size,
    weight: 1,
    ...(responseMs === undefined ? {} : { responseMs }),
    errorRatio: 0,
    labels: {},
    state: 'up',
  };
}
