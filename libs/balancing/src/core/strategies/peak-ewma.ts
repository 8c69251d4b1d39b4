import type { Candidate } from '../candidate.js';
import { drawTwo, randomKey } from '../draw.js';
import { strategy } from '../strategy.js';

/**
 * The cheaper of two workers drawn at random, a worker's cost being its response time x (tasks + 1) / (slots x weight).
 * The response time is a decaying peak, see `PeakEwma`. One that is not known counts as that of the other worker; where
 * both are unknown load decides alone. Drawn as in power-of-two: reports are seconds old, and all tasks to the one cheapest
 * worker would pile up on it until the next.
 *
 * Sources: Finagle, PeakEwma (cost = latency x outstanding + 1); tower, load::PeakEwma under p2c.
 */
export const peakEwma = strategy('peak-ewma', (_task, free, _eligible, chance) => {
  const drawn = drawTwo(randomKey(chance), free, 'capacity');
  const first = drawn.first as Candidate;
  const { second } = drawn;
  if (second === undefined) return first;
  return costOf(second, first) < costOf(first, second) ? second : first;
});

function costOf(candidate: Candidate, other: Candidate): number {
  return (candidate.responseMs ?? other.responseMs ?? 1) * candidate.nextLoad;
}
