import type { Candidate } from '../candidate.js';
import { drawTwo, randomKey } from '../draw.js';
import { strategy } from '../strategy.js';

/**
 * The less loaded of two workers drawn at random, as (tasks + 1) / (slots x weight). Drawn in proportion to slots x weight,
 * as two equal chances overload small workers. Among equals the one drawn first. One random number per task.
 *
 * Sources: Mitzenmacher 2001 (the power of two choices); Envoy, least request with two choices.
 */
export const powerOfTwo = strategy('power-of-two', (_task, free, _eligible, chance) => {
  const { first, second } = drawTwo(randomKey(chance), free, 'capacity');
  if (second === undefined) return first as Candidate;
  return second.nextLoad < (first as Candidate).nextLoad ? second : (first as Candidate);
});
