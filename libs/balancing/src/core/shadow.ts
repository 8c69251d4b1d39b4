import type { PlacementTask } from './eligibility.js';
import { type Assignment, type Binding, placeBatch } from './place-batch.js';
import type { Chance, Memory, Strategy } from './strategy.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

/** How often a strategy in the shadow picked the active one's worker, and how often another. */
export interface ShadowCount {
  readonly agreed: number;
  readonly differed: number;
}

/**
 * Decides the same batch with a second strategy that changes nothing, and counts over the tasks that the active one placed.
 * A task that the shadow would leave in the yard is a difference. The shadow sees its own placements of this batch, and only
 * the active one's of earlier batches, as those are what happened.
 */
export function placeInShadow(
  shadow: Strategy,
  memory: Memory,
  tasks: readonly PlacementTask[],
  workers: readonly WorkerSnapshot[],
  placed: readonly Assignment[],
  chance: Chance,
  bind: Binding = 'late',
): { count: ShadowCount; state: Memory } {
  const { placements, state } = placeBatch(shadow, memory, tasks, workers, chance, bind);
  const picks = new Map(placements.map(({ task, worker }) => [task, worker]));
  const agreed = placed.filter(({ task, worker }) => picks.get(task) === worker).length;
  return { count: { agreed, differed: placed.length - agreed }, state };
}
