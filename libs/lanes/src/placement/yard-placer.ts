import { type Binding, type PlacementTask, placeBatch, type Strategy, type WorkerSnapshot } from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { type Placement, place, type RoutableLoad } from '../moves.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { agentsOf } from '../tasks/task-agents.js';
import { tracePlacements } from './place-spans.js';
import type { ShadowDecisions } from './shadow-decisions.js';
import { zonesOf } from './task-zones.js';
import type { WorkerFigures } from './worker-figures.js';
import { readYards, type WaitingTask } from './yard.js';

const batch = 1000;

/** What a placer decides with. */
export interface YardPlacerOptions {
  readonly tuning: Live<Pick<DispatcherTuning, 'strategy' | 'bind' | 'readsZones'>>;
  /** Decides beside the strategy, without effect. */
  readonly shadow: ShadowDecisions;
  readonly figures: WorkerFigures;
}

/** Gives yard tasks to workers with a free slot, or to any in a pool that binds early, as the pool's strategy picks them. */
export class YardPlacer {
  /** Number of tasks placed so far. */
  placed = 0;
  private placing: Promise<void> = Promise.resolve();
  private strategy: Strategy;
  private state;

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: YardPlacerOptions,
  ) {
    this.strategy = options.tuning.current.strategy;
    this.state = this.strategy.initial();
  }

  /**
   * Places what can be placed now under a leader's term; what finds no free slot waits for a worker to take it. One call at a time:
   * two would decide about the same tasks.
   */
  async place(term: number): Promise<void> {
    const next = this.placing.then(() => this.placeAll(term));
    this.placing = next.catch(() => undefined);
    await next;
  }

  private async placeAll(term: number): Promise<void> {
    for (;;) {
      const sinceMs = Date.now();
      const { bind } = this.options.tuning.current;
      const { tasks, workers } = await readYards(this.redis, this.keys, batch, bind, (loads) => this.snapshots(loads));
      if (tasks.length === 0) return;
      const placements = this.decide(await this.asked(tasks), workers, tasks, bind);
      if (placements.length === 0) return;
      const placed = await place(this.redis, this.keys, term, placements, { bind, strategy: this.strategy.name });
      if (placed === 'old-term') return;
      this.placed += placed;
      await tracePlacements(this.redis, this.keys, placements, sinceMs);
      if (placements.length < batch) return;
    }
  }

  private decide(
    asked: readonly PlacementTask[],
    workers: readonly WorkerSnapshot[],
    tasks: readonly WaitingTask[],
    bind: Binding,
  ): readonly Placement[] {
    const { strategy } = this.options.tuning.current;
    if (strategy !== this.strategy) this.switchTo(strategy);
    const { placements, state } = placeBatch(this.strategy, this.state, asked, workers, Math.random, bind);
    this.state = state;
    this.options.shadow.decide(asked, workers, placements, bind);
    const keys = new Map(tasks.map(({ id, labelsKey }) => [id, labelsKey]));
    return placements.map((placed) => ({ ...placed, labelsKey: keys.get(placed.task) ?? '' }));
  }

  /** Homes stay: a strategy sees only agents that have none. */
  private switchTo(strategy: Strategy): void {
    this.strategy = strategy;
    this.state = strategy.initial();
  }

  private async asked(tasks: readonly WaitingTask[]): Promise<PlacementTask[]> {
    const ids = tasks.map(({ id }) => id);
    const agents = await agentsOf(this.redis, this.keys, ids);
    const zones = this.options.tuning.current.readsZones ? await zonesOf(this.redis, this.keys, ids) : [];
    return tasks.map(({ id, labelsKey, labels, avoid }, n) => {
      const agent = agents[n];
      const zone = zones[n];
      return {
        id,
        ...(agent ? { agent } : {}),
        ...(zone === undefined ? {} : { zone }),
        ...(labelsKey === '' ? {} : { labels }),
        ...(avoid === undefined ? {} : { avoid }),
      };
    });
  }

  private async snapshots(loads: readonly RoutableLoad[]): Promise<WorkerSnapshot[]> {
    const { figures } = this.options;
    await figures.meet(loads.map(({ worker }) => worker));
    // A straggler takes from the yard by itself, one task at a time.
    const fit = loads.filter(({ worker }) => !figures.stragglers.has(worker));
    return (fit.length > 0 ? fit : loads).map(({ worker, slots, running, waiting }) => {
      return { id: worker, slots, running, waiting, state: 'up', ...figures.of(worker) };
    });
  }
}
