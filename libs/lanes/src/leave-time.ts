import { setTimeout as sleep } from 'node:timers/promises';

/** How much longer than each call the wait after it is, and the longest wait, in ms: a slow network is no reason to wait. */
const share = 3;
const longestMs = 10;

/**
 * Waits between two of a long row of calls, so that Redis and this process have three quarters of the time for others. Evicting 10,000
 * tasks takes 1 s so and not 0.25, and the p99 pick-up of others meanwhile 18 ms and not 32 (`npm run bench:faults -- --only evict`).
 *
 * @param sentAtMs when the call before was sent, of performance.now
 */
export function leaveTime(sentAtMs: number): Promise<void> {
  return sleep(Math.min(share * (performance.now() - sentAtMs), longestMs));
}
