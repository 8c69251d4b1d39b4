/** Times of a pool that decide how soon a crash is noticed, in ms. */
export interface Profile {
  readonly heartbeatMs: number;
  readonly leaseMs: number;
  readonly sweepMs: number;
}

/** Shunt's defaults. */
export const defaultProfile: Profile = { heartbeatMs: 2000, leaseMs: 10_000, sweepMs: 2000 };

/** As the defaults, five times as fast. */
export const testProfile: Profile = { heartbeatMs: 400, leaseMs: 2000, sweepMs: 500 };
