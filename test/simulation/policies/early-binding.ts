import type { PullChoice } from '@shunt/balancing';
import type { Agent, Worker } from '../engine/model.js';
import type { Policy, Warmth } from '../engine/policy.js';
import type { Simulation } from '../engine/simulation.js';

/** Picks one of the workers that are up for an agent that has nothing else to do. */
export type Pick = (agent: Agent, up: readonly Worker[], sim: Simulation) => Worker;

/** Binds an idle agent's task to a worker as it arrives. A worker runs what is in its own lane, and nothing ever moves. */
export class EarlyBinding implements Policy {
  readonly staysBound = true;
  readonly hasBreakers = false;
  readonly takes = 'first';

  constructor(
    readonly warmth: Warmth,
    private readonly pick: Pick,
  ) {}

  route(agent: Agent, sim: Simulation): Worker | null {
    const up = sim.workers.filter(({ isUp }) => isUp);
    return up.length === 0 ? null : this.pick(agent, up, sim);
  }

  stealableAtMs(): number {
    return Number.POSITIVE_INFINITY;
  }

  taker(): null {
    return null;
  }

  choose(worker: Worker): PullChoice {
    return worker.lane.size > 0 ? 'lane' : 'none';
  }
}
