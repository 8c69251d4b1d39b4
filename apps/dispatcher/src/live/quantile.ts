import { quantileBoundMs } from '@shunt/health';

/** The upper bound in ms of the bucket that a share of what a histogram counts is within, twice the last bound above it; null when nothing is counted. */
export function quantileMs(counts: readonly number[], boundsMs: readonly number[], share: number): number | null {
  const boundMs = quantileBoundMs(counts, boundsMs, share);
  return boundMs === Number.POSITIVE_INFINITY ? 2 * (boundsMs.at(-1) ?? 0) : boundMs;
}
