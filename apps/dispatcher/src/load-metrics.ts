import {
  allRuns,
  type Dispatcher,
  drainBoundsMs,
  loadTasks,
  type PoolScale,
  type PoolStats,
  runBoundsMs,
} from '@shunt/lanes';
import { Gauge, type Registry } from 'prom-client';
import { StoredHistogram } from './stored-histogram.js';

/** Metrics of how much a pool has to do, how late it is, and how long it takes. */
export class LoadMetrics {
  private readonly oldest;
  private readonly load;
  private readonly agents;
  private readonly desired;
  private readonly runs;
  private readonly drains;

  constructor(
    registry: Registry,
    private readonly pool: string,
  ) {
    const gauge = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
      new Gauge({ name, help, labelNames, registers: [registry] });
    this.oldest = gauge('shunt_queue_oldest_age_seconds', 'Age of the task that is next and waits longest', ['pool']);
    this.load = gauge('shunt_pool_load', 'Tasks that run or wait for any worker, for each slot', ['pool']);
    this.agents = gauge('shunt_agents', 'Agents by state; held, where workers have a limit, whatever the others', [
      'pool',
      'state',
    ]);
    this.desired = gauge('shunt_desired_workers', 'Workers that the leader advises, absent before it has', ['pool']);
    this.runs = new StoredHistogram('shunt_task_run_seconds', 'How long attempts take', registry);
    this.drains = new StoredHistogram('shunt_drain_seconds', 'How long drains took that this dispatcher saw', registry);
  }

  /** Forgets what it was told. */
  reset(): void {
    for (const metric of [this.oldest, this.load, this.agents, this.desired, this.runs]) metric.reset();
  }

  /** Tells what a scrape found. */
  set(stats: PoolStats, oldestAgeMs: number, { advice }: PoolScale): void {
    const { pool } = this;
    this.oldest.set({ pool }, oldestAgeMs / 1000);
    this.load.set({ pool }, poolLoad(stats));
    if (advice !== null) this.desired.set({ pool }, advice.desired);
    for (const [state, count] of Object.entries(stats.agents)) this.agents.set({ pool, state }, count);
    const runs = Object.keys(stats.runs).length > 0 ? stats.runs : { other: allRuns({}) };
    for (const [task, times] of Object.entries(runs)) this.runs.storeMs({ pool, task }, times, runBoundsMs);
  }

  /** Tells what this dispatcher itself saw. */
  setOwn({ drains }: Pick<Dispatcher, 'drains'>): void {
    this.drains.storeMs({ pool: this.pool }, drains, drainBoundsMs);
  }
}

/** Tasks that run or that any worker could run, for each slot of a routable worker; without slots their number. */
function poolLoad(stats: PoolStats): number {
  const slots = stats.workers.reduce((sum, worker) => sum + (worker.isRoutable ? worker.slots : 0), 0);
  return loadTasks(stats) / Math.max(1, slots);
}
