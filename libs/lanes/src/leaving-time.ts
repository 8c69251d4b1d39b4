import { setTimeout as sleep } from 'node:timers/promises';

/** How much longer than each call the wait after it is, and the longest wait, in ms: a slow network is no reason to wait. */
const share = 3;
const longestMs = 10;

/**
 * Makes one of a long row of calls, and waits after it, so that Redis and this process have three quarters of the time for others. Evicting
 * 10,000 tasks takes 1 s so and not 0.25, and the p99 pick-up of others meanwhile 18 ms and not 32 (`npm run bench:faults -- --only evict`).
 */
export async function leavingTime<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  const sentAtMs = performance.now();
  const answer = await call();
  await sleep(Math.min(share * (performance.now() - sentAtMs), longestMs));
  return answer;
}
