/** How many checks in a row change what a worker is taken for. */
export interface CheckThresholds {
  /** Good ones that make it up. */
  readonly up: number;
  /** Bad ones that make it down. */
  readonly down: number;
}

/** What the checks of a worker say. A worker that was never checked is up. */
export interface CheckVerdict {
  readonly isUp: boolean;
  /** Checks in a row that say otherwise. */
  readonly against: number;
}

/** The verdict before the first check. */
export const unchecked: CheckVerdict = { isUp: true, against: 0 };

/** The verdict after one more check. */
export function nextVerdict(verdict: CheckVerdict, isGood: boolean, thresholds: CheckThresholds): CheckVerdict {
  if (isGood === verdict.isUp) return { isUp: verdict.isUp, against: 0 };
  const against = verdict.against + 1;
  const needed = verdict.isUp ? thresholds.down : thresholds.up;
  return against >= needed ? { isUp: isGood, against: 0 } : { isUp: verdict.isUp, against };
}
