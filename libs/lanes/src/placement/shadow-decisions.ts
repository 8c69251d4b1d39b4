import {
  type Assignment,
  type Binding,
  type Memory,
  type PlacementTask,
  placeInShadow,
  type Strategy,
  type WorkerSnapshot,
} from '@shunt/balancing';

/** What strategies in the shadow decided for placed tasks: the active one's worker, another or none, or nothing as they failed. */
export interface ShadowCounts {
  readonly agreed: number;
  readonly differed: number;
  readonly failed: number;
}

/** Has a second strategy decide beside the active one, without effect, and counts how often they differ. */
export class ShadowDecisions {
  private readonly counted = new Map<string, ShadowCounts>();
  private strategy: Strategy | null = null;
  private memory: Memory = new Map();

  constructor(private readonly report: (error: unknown) => void) {}

  /** Decisions so far, by the shadow's name, the present one's included. What an earlier one decided stays counted. */
  get counts(): ReadonlyMap<string, ShadowCounts> {
    return this.counted;
  }

  /** Has another strategy decide from the next batch on; null for none. */
  set(strategy: Strategy | null): void {
    this.strategy = strategy;
    if (strategy === null) return;
    this.memory = strategy.initial();
    this.add(strategy, {});
  }

  /** Decides a batch that the active strategy placed so. What a shadow throws is reported and changes nothing. */
  decide(
    tasks: readonly PlacementTask[],
    workers: readonly WorkerSnapshot[],
    placed: readonly Assignment[],
    bind: Binding,
  ): void {
    const { strategy, memory } = this;
    if (strategy === null || placed.length === 0) return;
    try {
      const { count, state } = placeInShadow(strategy, memory, tasks, workers, placed, Math.random, bind);
      this.memory = state;
      this.add(strategy, count);
    } catch (error) {
      this.add(strategy, { failed: placed.length });
      this.report(error);
    }
  }

  private add({ name }: Strategy, { agreed = 0, differed = 0, failed = 0 }: Partial<ShadowCounts>): void {
    const old = this.counted.get(name) ?? { agreed: 0, differed: 0, failed: 0 };
    const sum = { agreed: old.agreed + agreed, differed: old.differed + differed, failed: old.failed + failed };
    this.counted.set(name, sum);
  }
}
