import { placeBatch, type StrategyName, strategyOf, type WorkerSnapshot } from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import { type Placement, place, type RoutableLoad, survey, type YardTask } from './moves.js';
import type { Registration } from './registry.js';
import { parseTaskId } from './task-id.js';

const batch = 1000;

/** Gives yard tasks to workers with a free slot, as the pool's strategy picks them. */
export class YardPlacer {
  /** Number of tasks placed so far. */
  placed = 0;
  private readonly strategy;
  private state;
  private registrations = new Map<string, Registration>();

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    strategy: StrategyName,
  ) {
    this.strategy = strategyOf(strategy);
    this.state = this.strategy.initial();
  }

  /** Places what can be placed now under a leader's term; what finds no free slot waits for a worker to take it. */
  async place(term: number): Promise<void> {
    for (;;) {
      const { tasks, workers } = await survey(this.redis, this.keys, batch);
      if (tasks.length === 0) return;
      const placements = this.decide(tasks, await this.snapshots(workers));
      if (placements.length === 0) return;
      const placed = await place(this.redis, this.keys, term, placements);
      if (placed === 'old-term') return;
      this.placed += placed;
      if (placements.length < batch) return;
    }
  }

  private decide(tasks: readonly YardTask[], workers: readonly WorkerSnapshot[]): readonly Placement[] {
    const asked = tasks.map((task) => {
      const agent = parseTaskId(task.id)?.agentKey;
      return agent ? { ...task, agent } : task;
    });
    const { placements, state } = placeBatch(this.strategy, this.state, asked, workers, Math.random);
    this.state = state;
    return placements;
  }

  private async snapshots(loads: readonly RoutableLoad[]): Promise<WorkerSnapshot[]> {
    if (loads.some(({ worker }) => !this.registrations.has(worker))) await this.readRegistrations();
    return loads.map(({ worker, slots, running, waiting }) => ({
      id: worker,
      slots,
      running,
      waiting,
      weight: this.registrations.get(worker)?.weight ?? 1,
      labels: {},
      state: 'up',
    }));
  }

  private async readRegistrations(): Promise<void> {
    const entries = Object.entries(await this.redis.hgetall(this.keys.of('workers')));
    this.registrations = new Map(entries.map(([id, json]) => [id, JSON.parse(json) as Registration]));
  }
}
