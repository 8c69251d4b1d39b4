import type { Strategy } from '../strategy.js';
import type { WorkerSnapshot } from '../worker-snapshot.js';

/**
 * Each worker in proportion to its weight, evenly interleaved (nginx's smooth weighted round-robin): every turn credits
 * each worker its weight, picks the richest and charges it the sum of all weights.
 *
 * Source: nginx, ngx_http_upstream_round_robin (commit 52327e0627f4, 2012).
 */
export const weightedRoundRobin: Strategy<ReadonlyMap<string, number>> = {
  name: 'weighted-round-robin',
  initial: () => new Map(),
  pick: (credits, _task, free) => {
    const next = new Map<string, number>();
    let richest = free[0] as WorkerSnapshot;
    let total = 0;
    for (const worker of free) {
      const credit = (credits.get(worker.id) ?? 0) + worker.weight;
      next.set(worker.id, credit);
      total += worker.weight;
      const best = next.get(richest.id) ?? 0;
      if (credit > best || (credit === best && worker.id < richest.id)) richest = worker;
    }
    next.set(richest.id, (next.get(richest.id) ?? 0) - total);
    return { worker: richest.id, state: next };
  },
};
