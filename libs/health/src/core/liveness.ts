/** A worker's lease, in ms of the store's clock. */
export interface Lease {
  readonly id: string;
  readonly leaseUntilMs: number;
}

/** Whether a worker still beats. The margin is for clocks and scheduling: nobody is dead within it. */
export function liveness(lease: Lease, nowMs: number, marginMs: number): 'alive' | 'expired' {
  return nowMs <= lease.leaseUntilMs + marginMs ? 'alive' : 'expired';
}

/** The routable workers that must receive nothing more, as their lease has expired. */
export function expired(leases: readonly Lease[], nowMs: number, marginMs: number): readonly string[] {
  return leases.filter((lease) => liveness(lease, nowMs, marginMs) === 'expired').map(({ id }) => id);
}

/** In how many ms the next worker that still counts as alive would have expired, did it not beat. Infinity where none is alive. */
export function nextExpiryMs(leases: readonly Lease[], nowMs: number, marginMs: number): number {
  const alive = leases.filter((lease) => liveness(lease, nowMs, marginMs) === 'alive');
  return Math.min(...alive.map(({ leaseUntilMs }) => leaseUntilMs + marginMs + 1 - nowMs));
}
