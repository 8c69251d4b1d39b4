import { Candidate } from './candidate.js';
import { distancesOf } from './distances.js';
import { isEligible, type PlacementTask } from './eligibility.js';
import { defaultFactorWeights, type FactorShare, meanResponseMs, scoreOf, sharesOf } from './factors.js';
import type { IntelligentOptions } from './strategies/intelligent.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

/** Why a worker was picked or not: the lowest score among those with a free slot wins. */
export interface Explanation {
  readonly worker: string;
  /** Whether it had a free slot. */
  readonly isFree: boolean;
  /** Sum of the contributions. */
  readonly score: number;
  readonly factors: readonly FactorShare[];
}

/** Explains a decision of `intelligent` for every worker that may run the task, best score first, then by id. */
export function explain(
  task: PlacementTask,
  workers: readonly WorkerSnapshot[],
  { weights, zoneDistances }: IntelligentOptions = {},
): readonly Explanation[] {
  const weightOf = { ...defaultFactorWeights, ...weights };
  const distanceTo = distancesOf(zoneDistances)(task.zone);
  const eligible = workers.filter((worker) => isEligible(task, worker)).map((worker) => new Candidate(worker, 0));
  const meanMs = meanResponseMs(eligible);
  const explained = eligible.map((candidate): Explanation => {
    const shares = sharesOf(candidate, weightOf, meanMs, distanceTo);
    return { worker: candidate.id, isFree: candidate.isFree, score: scoreOf(shares), factors: shares };
  });
  return explained.sort((a, b) => a.score - b.score || (a.worker < b.worker ? -1 : 1));
}
