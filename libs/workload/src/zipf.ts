import type { Random } from './random.js';

/** How popular the agents of a synthetic workload are. */
export interface ZipfOptions {
  /** How many agents, at least 1. */
  readonly agents: number;
  /** The exponent s: the agent of rank r gets a share proportional to 1 / r^s. 0 is uniform. Defaults to 1. */
  readonly exponent?: number;
  /**
   * The largest share of the tasks that one agent may get, in (0, 1]; what is cut off goes to the agents below the
   * cap in proportion to their shares. Defaults to 1, no cap.
   * A serial agent that asks for more than one slot has no stable queue; to hold each agent to `u` of a slot at
   * `rate` tasks per second of `cost` seconds each, the cap is u / (rate * cost).
   */
  readonly capShare?: number;
}

/**
 * The share of each agent, most popular first; they sum to 1 and never grow with the rank.
 *
 * The shares are sorted, so the agents at the cap are the first k; the smallest k that holds is searched upwards.
 * @throws RangeError when an option is out of range, or the cap is below 1 / agents.
 */
export function zipfShares(options: ZipfOptions): Float64Array {
  const { agents, exponent = 1, capShare = 1 } = options;
  if (!Number.isInteger(agents) || agents < 1) throw new RangeError(`agents must be a whole number from 1: ${agents}`);
  if (!(exponent >= 0 && exponent < Infinity)) throw new RangeError(`exponent must be 0 or more: ${exponent}`);
  if (!(capShare > 0 && capShare <= 1)) throw new RangeError(`capShare must be in (0, 1]: ${capShare}`);
  if (capShare * agents < 1 - 1e-9) throw new RangeError(`capShare must be at least 1 / agents: ${capShare}`);

  const weights = Float64Array.from({ length: agents }, (_, rank) => (rank + 1) ** -exponent);
  const tails = Float64Array.from(weights);
  for (let rank = agents - 2; rank >= 0; rank--) tails[rank] = at(tails, rank) + at(tails, rank + 1);
  let capped = 0;
  let scale = 1 / at(tails, 0);
  while (at(weights, capped) * scale > capShare) {
    capped += 1;
    if (capped === agents) return weights.fill(1 / agents);
    scale = Math.max(0, 1 - capped * capShare) / at(tails, capped);
  }
  return weights.map((weight, rank) => (rank < capped ? capShare : weight * scale));
}

/** Draws ranks (0 is the most popular agent) with the shares of `zipfShares`; each draw costs O(log agents). */
export function zipfSampler(options: ZipfOptions, random: Random): () => number {
  const bounds = zipfShares(options);
  for (let rank = 1; rank < bounds.length; rank++) bounds[rank] = at(bounds, rank) + at(bounds, rank - 1);
  const total = at(bounds, bounds.length - 1);
  return () => {
    const point = random() * total;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(bounds, middle) > point) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

function at(weights: Float64Array, rank: number): number {
  return weights[rank] ?? 0;
}
