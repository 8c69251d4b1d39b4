import type { Candidate } from './candidate.js';

/** What `intelligent` looks at, in this order. */
export const factorNames = ['load', 'response', 'errors', 'distance'] as const;
export type FactorName = (typeof factorNames)[number];

/** How much each factor counts, each 0 or more. Only their ratios matter. */
export type FactorWeights = Readonly<Record<FactorName, number>>;

/** Current load 0.4, response time 0.3, error rate 0.2, geographic distance 0.1. */
export const defaultFactorWeights: FactorWeights = { load: 0.4, response: 0.3, errors: 0.2, distance: 0.1 };

/** What one factor did to a worker's score. */
export interface FactorShare {
  readonly factor: FactorName;
  /** The factor, lower being better. */
  readonly value: number;
  readonly weight: number;
  /** Value times weight: its part of the score. */
  readonly contribution: number;
}

/** Mean response time of the workers whose is known, 0 where none is. */
export function meanResponseMs(workers: readonly Candidate[]): number {
  let sum = 0;
  let count = 0;
  for (const { responseMs } of workers) {
    if (responseMs === undefined) continue;
    sum += responseMs;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/**
 * A worker's factors for a task, each lower for a better worker. Load is (tasks + 1) / (slots x weight), not clipped: above
 * 1 it goes on to tell an overloaded worker from a full one. The others lie within 0 and 1: response time r / (r + mean of
 * the eligible workers), so that no outlier hides the rest; the share of recent attempts that failed; the distance as a
 * share of the farthest.
 */
function factorsOf(
  worker: Candidate,
  meanMs: number,
  distanceTo: (zone: string | undefined) => number,
): Readonly<Record<FactorName, number>> {
  return {
    load: worker.nextLoad,
    response: worker.responseAgainst(meanMs),
    errors: worker.errorRatio,
    distance: distanceTo(worker.zone),
  };
}

/** What each factor does to a worker's score, which is the sum of the contributions. */
export function sharesOf(
  worker: Candidate,
  weights: FactorWeights,
  meanMs: number,
  distanceTo: (zone: string | undefined) => number,
): readonly FactorShare[] {
  const values = factorsOf(worker, meanMs, distanceTo);
  return factorNames.map((factor) => {
    const value = values[factor];
    const weight = weights[factor];
    return { factor, value, weight, contribution: weight * value };
  });
}

/** The sum of contributions. */
export function scoreOf(shares: readonly FactorShare[]): number {
  return shares.reduce((sum, { contribution }) => sum + contribution, 0);
}
