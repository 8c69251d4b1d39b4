import { meanMs, type ServiceTimes } from './service-times.js';

/** Cold tasks that must have ended before their mean is believed: with service times of cv 2 it is then within about 0.3 S. */
export const leastColdTasks = 50;

/**
 * The C of the policy: what a cold start costs beyond a warm one, in ms, learned as mean(cold) - mean(warm). Null until
 * {@link leastColdTasks} cold tasks and one warm task ended. Never below 0: cold starts that look cheaper cost nothing.
 */
export function coldCostMs({ warm, cold }: ServiceTimes): number | null {
  const warmMs = meanMs(warm);
  const coldMs = meanMs(cold);
  if (warmMs === null || coldMs === null || cold.tasks < leastColdTasks) return null;
  return Math.max(0, coldMs - warmMs);
}
