import type { Random } from './random.js';

/** The rate and the length of an open-loop arrival process. */
export interface ArrivalOptions {
  /** Mean arrivals per second, above 0. */
  readonly ratePerSecond: number;
  /** How many arrivals at most. Defaults to no limit. */
  readonly count?: number;
  /** No arrival at or after this time. Defaults to no limit. */
  readonly durationMs?: number;
}

/**
 * The times of Poisson arrivals, in milliseconds from the start of the run, growing, with fractions.
 *
 * Open loop: the times are fixed beforehand and do not wait for the system under test, which would hide its delays
 * (coordinated omission). Endless without a limit.
 * @throws RangeError at the first pull when the rate is not above 0.
 */
export function* poissonArrivals(options: ArrivalOptions, random: Random): Generator<number, void, undefined> {
  const { ratePerSecond, count = Infinity, durationMs = Infinity } = options;
  if (!(ratePerSecond > 0 && ratePerSecond < Infinity)) {
    throw new RangeError(`ratePerSecond must be above 0: ${ratePerSecond}`);
  }
  const meanGapMs = 1_000 / ratePerSecond;
  let atMs = 0;
  for (let made = 0; made < count; made++) {
    atMs -= Math.log(1 - random()) * meanGapMs;
    if (atMs >= durationMs) return;
    yield atMs;
  }
}
