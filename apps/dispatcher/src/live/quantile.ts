/** The upper bound in ms of the bucket that a share of what a histogram counts is within, twice the last bound above it; null when nothing is counted. */
export function quantileMs(counts: readonly number[], boundsMs: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return null;
  let below = 0;
  const index = counts.findIndex((count) => {
    below += count;
    return below >= share * total;
  });
  return boundsMs[index] ?? 2 * (boundsMs.at(-1) ?? 0);
}
