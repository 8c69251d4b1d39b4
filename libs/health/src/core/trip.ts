import type { Outcomes } from './outcome-window.js';

/** From when on a worker is taken for sick by what its attempts were like. */
export interface TripRules {
  /** Share of failures in the window, 0 to 1. */
  readonly failureRate: number;
  /** Share of slow calls in the window, 0 to 1. */
  readonly slowRate: number;
  /** Fewest attempts in the window that say anything. */
  readonly minCalls: number;
  /** Fewest distinct agents that failed or were slow: one poisoned agent condemns no worker. */
  readonly minAgents: number;
  /** Failures in a row that are enough without a rate, 0 for no such rule. */
  readonly consecutiveFailures: number;
}

/** Why a worker is sick: by its attempts, by the dispatcher's own checks, or as it does not take what waits for it. */
export type TripReason = 'failures' | 'slow' | 'unhealthy' | 'stuck';

/** Whether a worker's attempts say that it is sick, null when they do not. Failures come before slowness. */
export function tripOf(outcomes: Outcomes, rules: TripRules): TripReason | null {
  const { calls, failures, slow, agents, consecutiveFailures } = outcomes;
  if (agents < rules.minAgents) return null;
  if (rules.consecutiveFailures > 0 && consecutiveFailures >= rules.consecutiveFailures) return 'failures';
  if (calls < rules.minCalls) return null;
  if (failures >= rules.failureRate * calls) return 'failures';
  return slow >= rules.slowRate * calls ? 'slow' : null;
}
