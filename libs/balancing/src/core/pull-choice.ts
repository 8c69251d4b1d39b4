import { moveCost } from './move-budget.js';

/** What a worker with a free slot sees. Scores are one pool's and compare: the smaller, the older. */
export interface PullView {
  readonly nowMs: number;
  /** Tasks the worker runs, below its slots. */
  readonly running: number;
  readonly slots: number;
  readonly isStraggler: boolean;
  /** Whether it runs a task that found no state. Of a straggler that is one it took from the yard. */
  readonly runsCold: boolean;
  /** Score of the oldest task of its own lane; null for an empty lane. */
  readonly laneScore: number | null;
  /** Score of the oldest task of the yard that it may run; null for none. */
  readonly yardScore: number | null;
  /** From when the foreign task with the shortest patience left may be taken; null where no other lane holds a task. */
  readonly foreignAtMs: number | null;
  /** Moves left in the pool's budget. */
  readonly moves: number;
}

/** Where the free slot takes its task from. A `paid-move` costs the budget one move. */
export type PullChoice = 'lane' | 'yard' | 'free-move' | 'paid-move' | 'none';

/**
 * Chooses what a free slot runs: the older of its own lane and the yard, its own among equals; a foreign agent only when
 * both are empty, its patience is over, and the move is free or paid for. `none`: look again when woken, or at `foreignAtMs`.
 * A straggler takes no foreign agent, and one task of the yard at a time, as a canary: by age like any other, so that what only it may
 * run does not wait for ever.
 *
 * Only idle capacity pays for a cold start: a busy worker that takes what waited long elsewhere makes cold starts, which
 * make longer queues, which make more moves (Bronson et al., Metastable Failures, HotOS 2021).
 */
export function choosePull(view: PullView): PullChoice {
  const { laneScore, isStraggler } = view;
  const yardScore = isStraggler && view.runsCold ? null : view.yardScore;
  if (laneScore !== null && (yardScore === null || laneScore <= yardScore)) return 'lane';
  if (yardScore !== null) return 'yard';
  return isStraggler ? 'none' : chooseMove(view);
}

function chooseMove({ foreignAtMs, nowMs, running, slots, moves }: PullView): PullChoice {
  if (foreignAtMs === null || foreignAtMs > nowMs) return 'none';
  const cost = moveCost(running, slots);
  if (cost === 0) return 'free-move';
  return moves >= cost ? 'paid-move' : 'none';
}
