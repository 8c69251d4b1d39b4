import type { Candidate } from '../candidate.js';
import { strategy } from '../strategy.js';

/**
 * Each worker in turn: the one whose last turn is longest ago, by id among those that had none. Remembers the number of
 * each worker's last turn.
 */
export const roundRobin = strategy('round-robin', (_task, free, eligible) => {
  let next = free[0] as Candidate;
  for (const worker of free) {
    if (worker.memory < next.memory || (worker.memory === next.memory && worker.id < next.id)) next = worker;
  }
  let lastTurn = 0;
  for (const { memory } of eligible) if (memory > lastTurn) lastTurn = memory;
  next.memory = lastTurn + 1;
  return next;
});
