import type { PullChoice } from '@shunt/balancing';
import type { Agent, SimTask, Worker } from './model.js';
import type { Simulation } from './simulation.js';

/** Says whether a start is warm, and keeps what it needs to say so. */
export interface Warmth {
  start(agent: Agent, worker: Worker, task: SimTask, workers: readonly Worker[]): boolean;
  /** The agents that have lost their home since it was last asked, as their home held too many. */
  released(): readonly Agent[];
  /** A worker died with all it held. */
  lose(worker: Worker): void;
  /** All state of all workers is gone. */
  flush(agents: readonly Agent[]): void;
}

/**
 * Which of the agents whose patience is over an idle stranger takes: the one whose patience ended first, the one with the youngest task, or
 * the one with the most waiting tasks.
 */
export type Taken = 'first' | 'youngest' | 'longest';

/** A way to dispatch, for one run. */
export interface Policy {
  readonly warmth: Warmth;
  /** Whether an agent with more tasks stays in its worker's lane when one ends, as whoever binds early must, for order. */
  readonly staysBound: boolean;
  /** Whether a worker that fails much is out for a while, by the product's breakers. */
  readonly hasBreakers: boolean;
  /** Which agent an idle stranger takes. */
  readonly takes: Taken;
  /** The worker in whose lane an agent that had nothing to do waits; null for the yard. */
  route(agent: Agent, sim: Simulation): Worker | null;
  /** From when an idle stranger may take an agent in a lane whose current task is ready since then, in ms. Infinity for never. */
  stealableAtMs(agent: Agent, readyMs: number, sim: Simulation): number;
  /** Which of the workers with a free slot comes for a task of the yard, or as an idle stranger; null for none. */
  taker(agent: Agent, free: readonly Worker[], isMove: boolean, sim: Simulation): Worker | null;
  /** What a free slot takes. */
  choose(worker: Worker, sim: Simulation): PullChoice;
}
