import { consistentHash } from './strategies/consistent-hash.js';
import { intelligent } from './strategies/intelligent.js';
import { leastConnections } from './strategies/least-connections.js';
import { peakEwma } from './strategies/peak-ewma.js';
import { powerOfTwo } from './strategies/power-of-two.js';
import { random } from './strategies/random.js';
import { roundRobin } from './strategies/round-robin.js';
import { weightedRoundRobin } from './strategies/weighted-round-robin.js';
import type { Strategy } from './strategy.js';

/** Every strategy by the name a pool sets. */
export const strategies = {
  'round-robin': roundRobin,
  'weighted-round-robin': weightedRoundRobin,
  'least-connections': leastConnections,
  'consistent-hash': consistentHash,
  'power-of-two': powerOfTwo,
  'peak-ewma': peakEwma,
  random,
  /** With its default weights and no table of distances. */
  intelligent: intelligent(),
} as const satisfies Record<string, Strategy>;

/** Names a strategy. */
export type StrategyName = keyof typeof strategies;

/** The strategy of a name. */
export function strategyOf(name: StrategyName): Strategy {
  return strategies[name];
}
