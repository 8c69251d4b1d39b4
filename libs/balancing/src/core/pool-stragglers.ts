import { stragglerRatio } from './straggler.js';

/** Largest share of a pool that can be stragglers: when more are slow, the work has changed and not the workers. */
export const mostStragglers = 1 / 3;

/** A worker, and how many times slower than its own past it is; 1 while it cannot be judged. */
export interface SlowWorker {
  readonly id: string;
  readonly slowdown: number;
}

/**
 * The workers of a pool to treat as stragglers: those that fell far behind their own past. Nobody in a pool of one, and nobody when
 * more than a third did, one at least.
 */
export function stragglersOf<Worker extends SlowWorker>(workers: readonly Worker[]): readonly Worker[] {
  if (workers.length < 2) return [];
  const slow = workers.filter(({ slowdown }) => slowdown > stragglerRatio);
  return slow.length <= Math.max(1, Math.floor(workers.length * mostStragglers)) ? slow : [];
}
