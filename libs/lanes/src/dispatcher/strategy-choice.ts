import { type IntelligentOptions, intelligent, type Strategy, strategies } from '@shunt/balancing';
import { invalidConfig } from '../shunt-error.js';

/** What a pool's strategy may be chosen from, and how `intelligent` decides there. */
export interface StrategyOptions {
  /** Strategies of the pool's own, by their names; one with a name that Shunt has takes its place. Defaults to none. */
  readonly strategies?: readonly Strategy[] | undefined;
  /** How much each factor of `intelligent` counts. Defaults to load 0.4, response 0.3, errors 0.2, distance 0.1. */
  readonly factorWeights?: IntelligentOptions['weights'];
  /**
   * How far zones are from each other, in any one unit, each pair once. Tasks' zones are read only where it is given.
   * Defaults to none: the distance plays no part.
   */
  readonly zoneDistances?: IntelligentOptions['zoneDistances'];
}

/** Finds a strategy by its name. @throws ShuntError INVALID_CONFIG naming the field and the strategies there are */
export function chooseStrategy(name: string, options: StrategyOptions, field = 'strategy'): Strategy {
  const { strategies: own = [], factorWeights: weights, zoneDistances } = options;
  const known = new Map<string, Strategy>(Object.entries(strategies));
  known.set('intelligent', intelligent({ weights, zoneDistances }));
  for (const strategy of own) known.set(strategy.name, strategy);
  const chosen = known.get(name);
  if (chosen) return chosen;
  const message = `must be one of ${[...known.keys()].join(', ')}`;
  throw invalidConfig([{ field, message }]);
}
