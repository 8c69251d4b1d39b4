/**
 * Whether a dispatcher may judge others: only when its own last round began recently. One that was stalled itself, by a
 * pause or a suspended machine, sees every lease expired and must first give the workers time to beat.
 */
export function mayJudge(lastRoundAtMs: number | null, nowMs: number, trustMs: number): boolean {
  return lastRoundAtMs !== null && nowMs - lastRoundAtMs <= trustMs;
}

/**
 * Until when a leader may act as one by its own clock, after a renewal that was sent at `sentAtMs`: from before the call, as its answer may have
 * been long under way, and a tenth less than the lease, for what it has under way itself. As River's leader election does.
 */
export function leadsUntil(sentAtMs: number, leaseMs: number): number {
  return sentAtMs + leaseMs - leaseMs / 10;
}
