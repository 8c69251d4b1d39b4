import type { ShuntWorker } from '@shunt/sdk';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { addSystemMetrics } from './system-metrics.js';

/**
 * Prometheus metrics of one worker's process.
 *
 * @param laneDepth how many tasks wait in its lane; what it rejects with, a scrape leaves out
 */
export function workerMetrics(worker: ShuntWorker, laneDepth: () => Promise<number>): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addSystemMetrics(registry);
  new Gauge({
    name: 'shunt_worker_lane_tasks',
    help: 'Tasks that wait in the lane of this worker, absent while Redis does not answer',
    registers: [registry],
    async collect() {
      const depth = await laneDepth().catch(() => null);
      if (depth === null) this.remove();
      else this.set(depth);
    },
  });
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
