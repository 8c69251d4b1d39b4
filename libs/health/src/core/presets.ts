import type { PoolRules } from './pool-breakers.js';
import type { TripRules } from './trip.js';

/** From when on a worker takes itself for sick. */
export interface SelfRules extends TripRules {
  /** Length of the window that rates are taken over, in ms. */
  readonly windowMs: number;
  /** From which duration a call is slow, in ms. */
  readonly slowMs: number;
}

/** The rules of one kind of breaker: of a worker about itself, and of the pool about its workers. */
export interface BreakerPreset {
  readonly self: SelfRules;
  readonly pool: PoolRules;
}

const sharesOfPool = { maxOpenShare: 1 / 3, panicShare: 0.5 };

/**
 * The kinds of breakers. `adaptive` goes by rates over a window, as resilience4j does by default at 50 %, and by ten failures in a row, as a
 * worker that was busy and well has many good calls in its window; it needs several agents to fail. `plain` opens for a minute after five
 * failures in a row, as most breakers of one client do.
 */
export const breakerPresets = {
  adaptive: {
    self: {
      windowMs: 30_000,
      slowMs: 60_000,
      failureRate: 0.5,
      slowRate: 0.8,
      minCalls: 10,
      minAgents: 3,
      consecutiveFailures: 10,
    },
    pool: { openMs: 5000, maxOpenMs: 300_000, probes: 3, slowStartMs: 30_000, ...sharesOfPool },
  },
  plain: {
    self: {
      windowMs: 60_000,
      slowMs: Number.POSITIVE_INFINITY,
      failureRate: Number.POSITIVE_INFINITY,
      slowRate: Number.POSITIVE_INFINITY,
      minCalls: 1,
      minAgents: 1,
      consecutiveFailures: 5,
    },
    pool: { openMs: 60_000, maxOpenMs: 60_000, probes: 1, slowStartMs: 0, ...sharesOfPool },
  },
} as const satisfies Record<string, BreakerPreset>;

/** Names a kind of breaker. */
export type BreakerPresetName = keyof typeof breakerPresets;
