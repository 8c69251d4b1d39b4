/**
 * Whether a dispatcher may judge others: only when its own last round began recently. One that was stalled itself, by a
 * pause or a suspended machine, sees every lease expired and must first give the workers time to beat.
 */
export function mayJudge(lastRoundAtMs: number | null, nowMs: number, trustMs: number): boolean {
  return lastRoundAtMs !== null && nowMs - lastRoundAtMs <= trustMs;
}
