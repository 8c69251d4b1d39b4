import type { Candidate } from './candidate.js';
import type { Chance } from './strategy.js';

const unit = 2 ** -32;

/** The workers that a key draws first and second; absent where there are not so many. */
export interface Draw {
  readonly first: Candidate | undefined;
  readonly second: Candidate | undefined;
}

/** How likely a worker is drawn: its weight, or its slots times weight. */
export type Share = 'weight' | 'capacity';

/**
 * Draws two different workers by a key, each in proportion to its share: the two with the highest share / -ln(u), u being
 * a uniform hash of key and worker. The same key draws the same whatever the order, and when a worker joins or leaves only
 * draws of its own change. One that holds `perWeight` tasks or more for each unit of its weight is never drawn.
 *
 * Sources: Thaler & Ravishankar 1998 (rendezvous hashing); Efraimidis & Spirakis 2006 (weighted sampling without
 * replacement by such keys).
 */
export function drawTwo(
  key: number,
  workers: readonly Candidate[],
  by: Share,
  perWeight: number = Number.POSITIVE_INFINITY,
): Draw {
  const byCapacity = by === 'capacity';
  let first: Candidate | undefined;
  let second: Candidate | undefined;
  let firstScore = 0;
  let secondScore = 0;
  for (const worker of workers) {
    const share = byCapacity ? worker.capacity : worker.weight;
    const uniform = (worker.mixedWith(key) + 0.5) * unit;
    // -ln(u) >= 1 - u: most workers are out without the logarithm, which costs more than the rest of the loop.
    if (share < secondScore * (1 - uniform) || worker.tasks >= perWeight * worker.weight) continue;
    const score = share / -Math.log(uniform);
    if (isAhead(worker, score, first, firstScore)) {
      second = first;
      secondScore = firstScore;
      first = worker;
      firstScore = score;
    } else if (isAhead(worker, score, second, secondScore)) {
      second = worker;
      secondScore = score;
    }
  }
  return { first, second };
}

/** A key for {@link drawTwo} by chance. */
export function randomKey(chance: Chance): number {
  return Math.floor(chance() * 2 ** 32);
}

/** By score, then by id. */
function isAhead(worker: Candidate, score: number, other: Candidate | undefined, otherScore: number): boolean {
  return other === undefined || score > otherScore || (score === otherScore && worker.id < other.id);
}
