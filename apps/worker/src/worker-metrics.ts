import type { ShuntWorker } from '@shunt/sdk';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Prometheus metrics of one worker's process. */
export function workerMetrics(worker: ShuntWorker): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'shunt_worker_slots',
    help: 'Tasks this worker can run at once',
    registers: [registry],
    collect() {
      this.set(worker.lane.concurrency);
    },
  });
  new Gauge({
    name: 'shunt_worker_running',
    help: 'Tasks this worker runs',
    registers: [registry],
    collect() {
      this.set(worker.lane.runningCount);
    },
  });
  return registry;
}
