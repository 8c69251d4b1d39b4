import type { Candidate } from '../candidate.js';
import { distancesOf, type ZoneDistances } from '../distances.js';
import {
  defaultFactorWeights,
  type FactorShare,
  type FactorWeights,
  meanResponseMs,
  scoreOf,
  sharesOf,
} from '../factors.js';
import { hash32 } from '../hash.js';
import type { Strategy } from '../strategy.js';

/** What `intelligent` may be told. */
export interface IntelligentOptions {
  /** Defaults to load 0.4, response 0.3, errors 0.2, distance 0.1; one that is left out keeps its default. */
  readonly weights?: Partial<FactorWeights> | undefined;
  /** Defaults to none: every other zone is as far as any. */
  readonly zoneDistances?: ZoneDistances | undefined;
}

/**
 * Makes the strategy that picks the worker with the lowest weighted sum of load, response time, error rate and distance;
 * see `sharesOf` for each. Its grounds are the factors of the worker that it picked, `explain` has those of all. Ties go by a hash of task and worker.
 */
export function intelligent({ weights, zoneDistances }: IntelligentOptions = {}): Strategy {
  const weightOf = { ...defaultFactorWeights, ...weights };
  const { load, response, errors, distance } = weightOf;
  const distancesFrom = distancesOf(zoneDistances);
  const pick: Strategy['pick'] = (task, free, eligible) => {
    const seed = hash32(task.id);
    const meanMs = meanResponseMs(eligible);
    const distanceTo = distancesFrom(task.zone);
    let best = free[0] as Candidate;
    let bestScore = Number.POSITIVE_INFINITY;
    let bestTie = 0;
    for (const worker of free) {
      let score = load * worker.nextLoad + errors * worker.errorRatio;
      // Nothing lowers a score: most workers are out before the factors that cost most.
      if (score > bestScore) continue;
      score += response * worker.responseAgainst(meanMs);
      if (score > bestScore) continue;
      score += distance * distanceTo(worker.zone);
      if (score > bestScore) continue;
      const tie = worker.mixedWith(seed);
      if (score === bestScore && (tie < bestTie || (tie === bestTie && worker.id > best.id))) continue;
      best = worker;
      bestScore = score;
      bestTie = tie;
    }
    return best;
  };
  const grounds: Strategy['grounds'] = (task, picked, eligible) =>
    inWords(sharesOf(picked, weightOf, meanResponseMs(eligible), distancesFrom(task.zone)));
  return { name: 'intelligent', initial: () => new Map(), pick, grounds };
}

/** Three digits tell two workers apart, and are read at a glance. */
const rounded = (value: number) => Number(value.toPrecision(3));

function inWords(shares: readonly FactorShare[]): string {
  const parts = shares.map(({ factor, value, weight }) => `${factor} ${rounded(value)} x ${weight}`);
  return `${parts.join(' + ')} = ${rounded(scoreOf(shares))}`;
}
