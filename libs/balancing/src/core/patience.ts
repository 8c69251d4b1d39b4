import { coldCostMs } from './cold-cost.js';
import { meanServiceMs, type ServiceTimes } from './service-times.js';

/** Patience in cold costs. The optimum is flat: 1 keeps 91 % of the possible warm starts in the worst case, 2 keeps 95, 4 keeps 98. */
export const patienceInColdCosts = 2;
/** Patience in mean service times until the cold cost is known. */
export const patienceInServiceTimes = 2;
/** Bounds of a learned patience, in mean service times: a wrong cold cost neither scatters agents nor strands them. */
export const patienceBounds = { least: 0.5, most: 20 } as const;
/** Patience in ms before any task ended. Too long only delays the first moves; too short scatters agents. */
export const startPatienceMs = 5_000;

/**
 * How long a lone task waits for its home before an idle worker may take it, in ms: twice the learned cold cost, within
 * 0.5 and 20 mean service times; twice the mean service time until the cold cost is known; 5,000 before the first task.
 *
 * Only idle workers take, so patience is the price of a needless cold start, and nothing else: "a short wait gives near-full
 * locality" (Zaharia et al., Delay Scheduling, EuroSys 2010). See docs/placement.md for measurements.
 */
export function patienceMs(times: ServiceTimes): number {
  const serviceMs = meanServiceMs(times);
  if (serviceMs === null) return startPatienceMs;
  const costMs = coldCostMs(times);
  if (costMs === null) return patienceInServiceTimes * serviceMs;
  const { least, most } = patienceBounds;
  return Math.min(most * serviceMs, Math.max(least * serviceMs, patienceInColdCosts * costMs));
}

/**
 * When an idle worker may take an agent whose current task became ready at `readyMs`: after the patience divided by the
 * agent's waiting tasks, the current one counted, as one cold start then serves them all. A longer mailbox moves it earlier.
 */
export function stealableAtMs(readyMs: number, patienceMs: number, waitingTasks: number): number {
  return readyMs + patienceMs / Math.max(1, waitingTasks);
}
