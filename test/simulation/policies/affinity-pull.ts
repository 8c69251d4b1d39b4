import {
  acrossWorkers,
  choosePull,
  coldCostMs,
  leavesHome,
  type Memory,
  meanServiceMs,
  noServiceTimes,
  type PullChoice,
  patienceMs,
  placeBatch,
  placeInShadow,
  type ServiceTimes,
  type ShadowCount,
  type Strategy,
  stealableAtMs,
} from '@shunt/balancing';
import { seededRandom } from '@shunt/workload';
import type { Agent, Worker } from '../engine/model.js';
import type { Policy, Taken, Warmth } from '../engine/policy.js';
import type { Simulation } from '../engine/simulation.js';
import { snapshotOf } from '../engine/snapshot.js';

/** How the policy under test differs from the default. */
export interface AffinityPullOptions {
  /** Times the default patience; 0: idle workers take a foreign agent at once. Defaults to 1. */
  readonly patienceTimes?: number;
  /** Whether an agent's waiting tasks share its patience. Defaults to true. */
  readonly isDivided?: boolean;
  /** Which agent an idle stranger takes. Defaults to the one whose patience ended first. */
  readonly takes?: Taken;
  /** Decides every placement as well, and changes nothing. */
  readonly shadow?: Strategy;
}

/**
 * Shunt's policy, by the product's own functions: a home's lane for agents that have one, the yard for others, a strategy
 * among the free workers, and idle strangers after the patience.
 */
export class AffinityPull implements Policy {
  readonly staysBound = false;
  readonly hasBreakers = true;
  readonly takes: Taken;
  shadowed: ShadowCount = { agreed: 0, differed: 0 };
  private memory: Memory;
  private shadowMemory: Memory;
  /** Of its own, so that a shadow changes nothing. */
  private readonly shadowChance = seededRandom(1);
  private learned = { atMs: Number.NEGATIVE_INFINITY, times: noServiceTimes };

  constructor(
    readonly warmth: Warmth,
    private readonly strategy: Strategy,
    private readonly options: AffinityPullOptions = {},
  ) {
    this.takes = options.takes ?? 'first';
    this.memory = strategy.initial();
    this.shadowMemory = options.shadow?.initial() ?? new Map();
  }

  route(agent: Agent, sim: Simulation): Worker | null {
    const { home } = agent;
    if (home === null || !home.isUp) return null;
    if (!home.isStraggler) return home;
    const times = this.timesOf(sim);
    const serviceMs = meanServiceMs(times);
    const costMs = coldCostMs(times);
    const isLeft = serviceMs !== null && costMs !== null && leavesHome(home.pace, serviceMs, costMs);
    if (!isLeft) return home;
    agent.left = home;
    return null;
  }

  stealableAtMs({ tasks }: Agent, readyMs: number, sim: Simulation): number {
    const { patienceTimes = 1, isDivided = true } = this.options;
    return stealableAtMs(readyMs, patienceTimes * patienceMs(this.timesOf(sim)), isDivided ? tasks.length : 1);
  }

  /** What the pool has learned: looked at once a second, as a leader does. */
  private timesOf({ nowMs, workers }: Simulation): ServiceTimes {
    if (nowMs - this.learned.atMs >= 1000) this.learned = { atMs: nowMs, times: acrossWorkers(workers) };
    return this.learned.times;
  }

  taker(agent: Agent, free: readonly Worker[], isMove: boolean, sim: Simulation): Worker | null {
    const fit = this.fitFor(agent, free, isMove);
    const snapshots = fit.map((worker) => snapshotOf(worker, sim.nowMs));
    const tasks = [{ id: `${agent.key}~${agent.tasks[0]?.n}`, agent: agent.key }];
    const { placements, state } = placeBatch(this.strategy, this.memory, tasks, snapshots, sim.random);
    this.memory = state;
    const { shadow } = this.options;
    if (shadow !== undefined) {
      const seen = placeInShadow(shadow, this.shadowMemory, tasks, snapshots, placements, this.shadowChance);
      this.shadowMemory = seen.state;
      this.shadowed = {
        agreed: this.shadowed.agreed + seen.count.agreed,
        differed: this.shadowed.differed + seen.count.differed,
      };
    }
    return fit.find(({ id }) => id === placements[0]?.worker) ?? null;
  }

  /** A straggler looks at the yard by itself, and comes for a task of it when nobody else is free. */
  private fitFor(agent: Agent, free: readonly Worker[], isMove: boolean): readonly Worker[] {
    const well = free.filter((worker) => !worker.isStraggler);
    if (well.length > 0 || isMove) return well;
    return free.filter((worker) => !worker.runsCold && worker !== agent.left);
  }

  choose(worker: Worker, sim: Simulation): PullChoice {
    return choosePull({
      nowMs: sim.nowMs,
      running: worker.running.size,
      slots: worker.slots,
      isStraggler: worker.isStraggler,
      runsCold: worker.runsCold,
      laneScore: worker.lane.first()?.score ?? null,
      yardScore: sim.oldestOfYard(worker)?.score ?? null,
      foreignAtMs: sim.stealable.first()?.score ?? null,
      moves: sim.moves,
    });
  }
}
