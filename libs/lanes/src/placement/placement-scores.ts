import { type Explanation, explain, type IntelligentOptions, type PlacementTask } from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { workersWithLanes } from '../pool/pool-stats.js';
import { figuresOf } from './worker-figures.js';

/** A task that is asked about: where it comes from, and what it requires. */
export type AskedPlacement = Pick<PlacementTask, 'zone' | 'labels'>;

/**
 * What the strategy `intelligent` makes of each worker that may run such a task by now, factor by factor, best first; whatever the
 * pool's strategy is. Reads all workers, and changes nothing.
 */
export async function placementScores(
  redis: Redis,
  keys: PoolKeys,
  asked: AskedPlacement,
  factors: IntelligentOptions,
): Promise<readonly Explanation[]> {
  const workers = await workersWithLanes(redis, keys);
  const snapshots = workers.map((worker) => ({
    id: worker.id,
    slots: worker.slots,
    running: worker.running,
    waiting: worker.waiting,
    state: worker.isRoutable ? ('up' as const) : ('draining' as const),
    ...figuresOf(worker),
  }));
  return explain({ id: '~', ...asked }, snapshots, factors);
}
