import type { ShuntWorker } from '@shunt/sdk';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

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
  new Counter({
    name: 'shunt_worker_hand_offs_total',
    help: 'Agents from other workers whose states those had to end first, by whether they did in time',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(worker.lane.handOffs)) this.inc({ outcome }, count);
    },
  });
  new Gauge({
    name: 'shunt_config_version',
    help: "Version of the pool's configuration in force, 0 for own settings",
    registers: [registry],
    collect() {
      this.set(worker.lane.config.version);
    },
  });
  return registry;
}
