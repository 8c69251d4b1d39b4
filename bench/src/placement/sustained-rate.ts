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

const step = 1.12;
const precision = 1.03;
/** Share of the expected rate below which none is tried. */
const leastShare = 0.25;

/**
 * The highest rate at which waits stay bounded: from the expected one in steps of 12 % up to the first that does not hold, or down to the
 * first that does, bisected to 3 %, then confirmed, 3 % lower each time that this fails.
 *
 * @throws Error when no rate from a quarter of the expected one on holds
 */
export async function sustainedRate<Served>(
  expected: number,
  { holds, confirm }: RateTrials<Served>,
): Promise<Sustained<Served>> {
  const least = leastShare * expected;
  let low = await heldRate(expected, least, holds);
  let high = low * step;
  while (low >= expected && (await holds(high))) [low, high] = [high, high * step];
  while (high / low > precision) {
    const middle = Math.sqrt(low * high);
    if (await holds(middle)) low = middle;
    else high = middle;
  }
  for (let rate = low; rate >= least; rate /= precision) {
    const served = await confirm(rate);
    if (served !== null) return { ratePerSecond: rate, served };
  }
  throw noneHolds(least);
}

/** The first rate from the expected one down that holds. */
async function heldRate(expected: number, least: number, holds: (rate: number) => Promise<boolean>): Promise<number> {
  for (let rate = expected; rate >= least; rate /= step) if (await holds(rate)) return rate;
  throw noneHolds(least);
}

const noneHolds = (least: number) =>
  new Error(`waits are not bounded at any rate from ${Math.round(least)} tasks/s on`);
