import type { Redis } from 'ioredis';
import { type FieldProblem, ShuntError } from '../shunt-error.js';

/** Oldest version with functions, which Shunt's scripts are; Valkey tells one that it is as good as. */
export const oldestRedis = '7.0';

/** What of a Redis speaks against trusting it with tasks. */
export interface Fitness {
  /** Reasons not to start. */
  readonly problems: readonly FieldProblem[];
  /** What is only to be said. */
  readonly warnings: readonly string[];
}

/** Whether Shunt cannot run on a Redis of this version. */
export function isTooOld(version: string): boolean {
  return Number.parseInt(version, 10) < Number.parseInt(oldestRedis, 10);
}

/**
 * Judges a Redis by its reply to INFO: managed services forbid CONFIG. What the text does not say is not held against it.
 *
 * A version that is too old is a problem; a policy that evicts is one in production, else a warning; no AOF is a warning in
 * production.
 */
export function fitnessOf(info: string, isProduction: boolean): Fitness {
  const problems: FieldProblem[] = [];
  const warnings: string[] = [];
  const version = fieldOf(info, 'redis_version');
  if (version !== undefined && isTooOld(version)) {
    problems.push({ field: 'redis', message: `must be version ${oldestRedis} or later, and is ${version}` });
  }
  const policy = fieldOf(info, 'maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    const message = `must have maxmemory-policy noeviction, and has ${policy}: it would drop tasks when it is full`;
    if (isProduction) problems.push({ field: 'redis', message });
    else warnings.push(`Redis ${message}`);
  }
  if (isProduction && fieldOf(info, 'aof_enabled') === '0') {
    warnings.push('Redis has no AOF (appendonly no): tasks that it acknowledged are lost when it restarts');
  }
  return { problems, warnings };
}

/**
 * Asks a Redis whether a pool may live on it; warnings go to Node's `warning` event, as ShuntWarning. Production is where
 * NODE_ENV says so.
 *
 * @throws ShuntError INVALID_CONFIG saying what it has and what it must have; Redis's own error when it does not answer INFO
 */
export async function assertFit(redis: Redis, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { problems, warnings } = fitnessOf(await redis.info(), environment.NODE_ENV === 'production');
  for (const warning of warnings) process.emitWarning(warning, 'ShuntWarning');
  if (problems.length === 0) return;
  const message = problems.map((problem) => `Redis ${problem.message}`).join('; ');
  throw new ShuntError('INVALID_CONFIG', message, { details: problems });
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
}
