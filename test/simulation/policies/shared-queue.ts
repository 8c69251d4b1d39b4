import type { PullChoice } from '@shunt/balancing';
import type { Agent, Worker } from '../engine/model.js';
import type { Policy, Warmth } from '../engine/policy.js';
import type { Simulation } from '../engine/simulation.js';

/** One queue for all workers, oldest first: any free worker takes the next, whoever it is. Plain BullMQ, with order per agent. */
export class SharedQueue implements Policy {
  readonly staysBound = false;
  readonly hasBreakers = false;
  readonly takes = 'first';

  /** @param prefersFast whether the fastest free worker comes first, as an ideal would have it, not any */
  constructor(
    readonly warmth: Warmth,
    private readonly prefersFast: boolean,
  ) {}

  route(): null {
    return null;
  }

  stealableAtMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  taker(_agent: Agent, free: readonly Worker[], _isMove: boolean, sim: Simulation): Worker {
    const fastest = Math.max(...free.map(({ speed }) => speed));
    const fit = this.prefersFast ? free.filter(({ speed }) => speed === fastest) : free;
    return fit[Math.floor(sim.random() * fit.length)] as Worker;
  }

  choose(_worker: Worker, sim: Simulation): PullChoice {
    return sim.yard.size > 0 ? 'yard' : 'none';
  }
}
