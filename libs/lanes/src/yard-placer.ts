import { type PlacementTask, placeBatch, type Strategy, type WorkerSnapshot } from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import { type Placement, place, type RoutableLoad, survey, type YardTask } from './moves.js';
import { parseTaskId } from './task-id.js';
import { zonesOf } from './task-zones.js';
import type { WorkerFigures } from './worker-figures.js';

const batch = 1000;

/** What a placer decides with. */
export interface YardPlacerOptions {
  readonly strategy: Strategy;
  readonly figures: WorkerFigures;
  /** Whether the strategy is to know where tasks come from: costs a read per yard task. */
  readonly readsZones: boolean;
}

/** Gives yard tasks to workers with a free slot, as the pool's strategy picks them. */
export class YardPlacer {
  /** Number of tasks placed so far. */
  placed = 0;
  private strategy: Strategy;
  private state;

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: YardPlacerOptions,
  ) {
    this.strategy = options.strategy;
    this.state = this.strategy.initial();
  }

  /** Decides by another strategy from the next batch on. Homes stay: a strategy sees only agents that have none. */
  setStrategy(strategy: Strategy): void {
    this.strategy = strategy;
    this.state = strategy.initial();
  }

  /** Places what can be placed now under a leader's term; what finds no free slot waits for a worker to take it. */
  async place(term: number): Promise<void> {
    for (;;) {
      const { tasks, workers } = await survey(this.redis, this.keys, batch);
      if (tasks.length === 0) return;
      await this.options.figures.meet(workers.map(({ worker }) => worker));
      const placements = this.decide(
        await this.asked(tasks),
        workers.map((load) => this.snapshot(load)),
      );
      if (placements.length === 0) return;
      const placed = await place(this.redis, this.keys, term, placements);
      if (placed === 'old-term') return;
      this.placed += placed;
      if (placements.length < batch) return;
    }
  }

  private decide(tasks: readonly PlacementTask[], workers: readonly WorkerSnapshot[]): readonly Placement[] {
    const { placements, state } = placeBatch(this.strategy, this.state, tasks, workers, Math.random);
    this.state = state;
    return placements;
  }

  private async asked(tasks: readonly YardTask[]): Promise<PlacementTask[]> {
    const ids = tasks.map(({ id }) => id);
    const zones = this.options.readsZones ? await zonesOf(this.redis, this.keys, ids) : [];
    return tasks.map((task, n) => {
      const agent = parseTaskId(task.id)?.agentKey;
      const zone = zones[n];
      return { ...task, ...(agent ? { agent } : {}), ...(zone === undefined ? {} : { zone }) };
    });
  }

  private snapshot({ worker, slots, running, waiting }: RoutableLoad): WorkerSnapshot {
    return { id: worker, slots, running, waiting, state: 'up', ...this.options.figures.of(worker) };
  }
}
