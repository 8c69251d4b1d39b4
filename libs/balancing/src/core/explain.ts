import { Candidate } from './candidate.js';
import { distancesOf } from './distances.js';
import { isEligible, type PlacementTask } from './eligibility.js';
import { defaultFactorWeights, type FactorName, factorNames, factorsOf, meanResponseMs } from './factors.js';
import type { IntelligentOptions } from './strategies/intelligent.js';
import type { WorkerSnapshot } from './worker-snapshot.js';

/** What one factor did to a worker's score. */
export interface FactorShare {
  readonly factor: FactorName;
  /** The factor, lower being better. */
  readonly value: number;
  readonly weight: number;
  /** Value times weight: its part of the score. */
  readonly contribution: number;
}

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
    const values = factorsOf(candidate, meanMs, distanceTo);
    const shares = factorNames.map((factor): FactorShare => {
      const value = values[factor];
      const weight = weightOf[factor];
      return { factor, value, weight, contribution: weight * value };
    });
    const score = shares.reduce((sum, { contribution }) => sum + contribution, 0);
    return { worker: candidate.id, isFree: candidate.isFree, score, factors: shares };
  });
  return explained.sort((a, b) => a.score - b.score || (a.worker < b.worker ? -1 : 1));
}
