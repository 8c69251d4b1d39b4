import { type PoolStats, waitBoundsMs } from '@shunt/lanes';
import { Counter, Gauge, type Registry } from 'prom-client';
import { StoredHistogram } from './stored-histogram.js';

/** Metrics of how firmly agents stay at home: what the pool learned, and how often a task met its agent's state. */
export class PullMetrics {
  private readonly starts;
  private readonly coldCost;
  private readonly patience;
  private readonly budget;
  private readonly stragglers;
  private readonly eligible;

  constructor(
    registry: Registry,
    private readonly pool: string,
  ) {
    const registers = [registry];
    const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['pool'], registers });
    this.starts = new Counter({
      name: 'shunt_agent_starts_total',
      help: 'Starts of agents tasks by whether the worker held their state',
      labelNames: ['pool', 'home'],
      registers,
    });
    this.eligible = new StoredHistogram(
      'shunt_task_eligible_wait_seconds',
      'Time from when a task could have started to each start: not behind another of its agent, nor delayed',
      registry,
    );
    this.coldCost = gauge('shunt_cold_cost_seconds', 'Learned extra service time of a cold start, absent until known');
    this.patience = gauge('shunt_patience_seconds', 'Wait of a lone task for its home, -1 for ever');
    this.stragglers = gauge('shunt_stragglers', 'Workers that fell far behind their own past, and are spared');
    this.budget = gauge('shunt_move_budget', 'Moves that workers with more than half their slots busy may make');
  }

  /** Forgets what it was told. */
  reset(): void {
    for (const metric of [this.eligible, this.starts, this.coldCost, this.patience, this.budget, this.stragglers])
      metric.reset();
  }

  /** Tells what a scrape found. */
  set({ warm, cold, pull, eligible, eligibleSumMs }: PoolStats): void {
    const { pool } = this;
    this.eligible.storeMs({ pool }, { counts: eligible, sumMs: eligibleSumMs }, waitBoundsMs);
    this.starts.inc({ pool, home: 'warm' }, warm);
    this.starts.inc({ pool, home: 'cold' }, cold);
    this.patience.set({ pool }, pull.patienceMs < 0 ? -1 : pull.patienceMs / 1000);
    this.budget.set({ pool }, pull.moves);
    this.stragglers.set({ pool }, pull.stragglers);
    if (pull.coldCostMs !== null) this.coldCost.set({ pool }, pull.coldCostMs / 1000);
  }
}
