import { strategies } from '@shunt/balancing';
import { type FieldProblem, problemsOf } from '@shunt/input';
import { invalidConfig } from '../shunt-error.js';
import { type PoolConfig, poolConfigSchema } from './hot-keys.js';

/** Largest configuration, as JSON: each process reads it whole. */
const maxJsonChars = 64 * 1024;

/**
 * Reads a pool's configuration as a whole, whoever's strategies it names.
 *
 * @throws ShuntError INVALID_CONFIG naming each bad field, and the nearest known name for an unknown one
 */
export function parsePoolConfig(value: unknown): PoolConfig {
  return parse(value, []);
}

/**
 * Reads a configuration that is to be a pool's.
 *
 * @param own names of strategies of the pool's own, besides those that Shunt has
 * @throws ShuntError INVALID_CONFIG as above, and for a strategy that there is not
 */
export function checkPoolConfig(value: unknown, own: readonly string[] = []): PoolConfig {
  return parse(value, strategyProblems(value, own));
}

/** `told` are problems that are known; of a field of theirs nothing else is said. */
function parse(value: unknown, told: readonly FieldProblem[]): PoolConfig {
  const isTold = ({ field }: FieldProblem) => told.some((problem) => problem.field === field);
  const others = problemsOf(poolConfigSchema, value, 'config').filter((problem) => !isTold(problem));
  const problems = [...others, ...told];
  if (problems.length > 0) throw invalidConfig(problems);
  const config = poolConfigSchema.parse(value);
  if (JSON.stringify(config).length <= maxJsonChars) return config;
  throw invalidConfig([{ field: 'config', message: `must be at most ${maxJsonChars} characters of JSON` }]);
}

/** Strategies that a configuration names, be the rest of it as it may, and that there are not. */
function strategyProblems(value: unknown, own: readonly string[]): FieldProblem[] {
  const { strategy, shadowStrategy } = (value ?? {}) as Record<string, unknown>;
  const known = [...new Set([...Object.keys(strategies), ...own])];
  const isUnknown = (name: unknown, ...more: string[]) =>
    typeof name === 'string' && ![...known, ...more].includes(name);
  const message = `must be one of ${known.join(', ')}`;
  return [
    ...(isUnknown(strategy) ? [{ field: 'strategy', message }] : []),
    ...(isUnknown(shadowStrategy, 'none') ? [{ field: 'shadowStrategy', message: `${message}, none` }] : []),
  ];
}
