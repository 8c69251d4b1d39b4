import type { Candidate } from '../candidate.js';
import { strategy } from '../strategy.js';

/**
 * Each worker in proportion to its weight, evenly interleaved (nginx's smooth weighted round-robin): every turn credits
 * each free worker its weight, picks the richest, by id among equals, and charges it the sum of those weights. Remembers
 * the credits; a worker that is full keeps its own.
 *
 * Source: nginx, ngx_http_upstream_round_robin (commit 52327e0627f4, 2012).
 */
export const weightedRoundRobin = strategy('weighted-round-robin', (_task, free) => {
  let richest = free[0] as Candidate;
  let total = 0;
  for (const worker of free) {
    worker.memory += worker.weight;
    total += worker.weight;
    if (worker.memory > richest.memory || (worker.memory === richest.memory && worker.id < richest.id))
      richest = worker;
  }
  richest.memory -= total;
  return richest;
});
