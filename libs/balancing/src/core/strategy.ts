import type { Candidate } from './candidate.js';
import type { PlacementTask } from './eligibility.js';

/** What a strategy remembers between batches: a number per worker. A worker without one has 0. */
export type Memory = ReadonlyMap<string, number>;

/** A source of randomness: each call gives a number in [0, 1). */
export type Chance = () => number;

/**
 * Picks a worker for a task. Pure but for `memory` of the candidates, which it may set: `placeBatch` takes the memory
 * as a value and gives the new one back. The order of the workers never matters.
 */
export interface Strategy {
  readonly name: string;
  /** What it remembers before the first decision. */
  initial(): Memory;
  /**
   * One of `free`, which is never empty: the workers among `eligible`, those that may run the task, with a free slot; all of them in a
   * pool that binds early.
   */
  pick(task: PlacementTask, free: readonly Candidate[], eligible: readonly Candidate[], chance: Chance): Candidate;
  /** What made it pick this worker, in a line for the journal, while the task is not counted yet. Defaults to nothing said. */
  readonly grounds?: (task: PlacementTask, picked: Candidate, eligible: readonly Candidate[]) => string;
}

/** Makes a strategy of a name and a function. Also how a pool gets one of its own. */
export function strategy(name: string, pick: Strategy['pick']): Strategy {
  return { name, initial: () => new Map(), pick };
}
