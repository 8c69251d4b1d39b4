/** A rate that was found, and what it was like to be served at it. */
export interface Sustained<Served> {
  readonly ratePerSecond: number;
  readonly served: Served;
}

/** How rates are tried. */
export interface RateTrials<Served> {
  /** Offers a rate for a short time. Resolves to whether the waits stay bounded. */
  readonly holds: (ratePerSecond: number) => Promise<boolean>;
  /** Offers a rate for a long time. Resolves to null when the waits do not stay bounded. */
  readonly confirm: (ratePerSecond: number) => Promise<Served | null>;
}

const step = 1.5;
const precision = 1.03;

/**
 * The highest rate at which waits stay bounded: up from `from` in steps of a half to the first that does not hold, bisected to 3 %,
 * then confirmed, 3 % lower each time that this fails.
 *
 * @throws Error when not even `from` holds
 */
export async function sustainedRate<Served>(from: number, trials: RateTrials<Served>): Promise<Sustained<Served>> {
  if (!(await trials.holds(from)))
    throw new Error(`waits are not bounded at ${from} tasks/s, from which on rates are tried`);
  let low = from;
  let high = from * step;
  while (await trials.holds(high)) [low, high] = [high, high * step];
  while (high / low > precision) {
    const middle = Math.sqrt(low * high);
    if (await trials.holds(middle)) low = middle;
    else high = middle;
  }
  for (let rate = low; rate >= from / step; rate /= precision) {
    const served = await trials.confirm(rate);
    if (served !== null) return { ratePerSecond: rate, served };
  }
  throw new Error(`no rate from ${Math.round(low)} tasks/s down was confirmed`);
}
