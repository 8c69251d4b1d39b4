/** Moves that each finished task pays for. At the default patience 0 to 0.033 are used: it bounds the harm of a wrong patience. */
export const movesPerTask = 0.1;
/** A worker with at most this share of its slots busy moves agents for free: its cold start costs nobody anything. */
export const freeBusyRatio = 0.5;
/** Moves that the smallest pool may save up. */
export const leastSavedMoves = 8;

/** Moves a pool may save up: one for every second slot, so that a burst after a quiet time is bounded too. */
export function mostSavedMoves(slots: number): number {
  return Math.max(leastSavedMoves, slots / 2);
}

/** The budget after some tasks finished, for a pool of so many slots. A share of 0 allows free moves only. */
export function earnMoves(moves: number, finishedTasks: number, slots: number, perTask: number = movesPerTask): number {
  return Math.min(mostSavedMoves(slots), moves + finishedTasks * perTask);
}

/** What it costs a worker to take an agent from its home: 1 move of the budget, 0 where it is at most half busy. */
export function moveCost(running: number, slots: number): 0 | 1 {
  return running <= freeBusyRatio * slots ? 0 : 1;
}
