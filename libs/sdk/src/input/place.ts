import { checked, type Duration, duration, durationMs, isPlain } from '@shunt/input';
import { isSentinelUrl, type RedisTarget, sentinelOptions, sentinelUrlForm } from '@shunt/lanes';
import { poolNameProblem } from './ids.js';

const keyPrefix = /^[A-Za-z0-9_.:-]{1,64}$/;

/** Where a pool is and how it lives: the options that clients and workers share. */
export interface PlaceOptions {
  /**
   * A URL, `redis://127.0.0.1:6379` or `redis+sentinel://host:26379,host:26379/master-name`, or ioredis options. Defaults to
   * `redis://127.0.0.1:6379`.
   */
  readonly redis?: RedisTarget | undefined;
  /** Defaults to `agents`. */
  readonly pool?: string | undefined;
  /** Key prefix of all pools. Defaults to `shunt`. */
  readonly prefix?: string | undefined;
  /** How long an idle agent keeps its home; the same for all of a pool. Defaults to 15 min. */
  readonly sessionTtl?: Duration | undefined;
}

export const placeShape = {
  redis: checked<RedisTarget>(redisProblem).optional(),
  pool: checked<string>(poolNameProblem).optional(),
  prefix: checked<string>(prefixProblem).optional(),
  sessionTtl: duration({ minMs: 1 }).optional(),
};

/** Fills in the defaults. */
export function placeOf({ redis, pool, prefix, sessionTtl }: PlaceOptions) {
  return {
    redis: redis ?? 'redis://127.0.0.1:6379',
    pool: pool ?? 'agents',
    prefix,
    sessionTtlMs: durationMs(sessionTtl ?? '15m'),
  };
}

/** Clients of a Redis may be told as a URL, or as anything that ioredis takes as an object. */
function redisProblem(value: unknown): string | null {
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && isPlain(value)) return null;
  if (typeof value === 'string' && isSentinelUrl(value))
    return sentinelOptions(value) ? null : `must be ${sentinelUrlForm}`;
  const isUrl = typeof value === 'string' && /^rediss?:\/\/[^\s/]/.test(value) && URL.canParse(value);
  return isUrl ? null : 'must be a URL such as redis://127.0.0.1:6379, or ioredis options';
}

/** A brace would move the hash tag that keeps a pool's keys together. */
function prefixProblem(value: unknown): string | null {
  if (typeof value === 'string' && keyPrefix.test(value)) return null;
  return 'must be 1 to 64 characters of A-Z, a-z, 0-9, dot, dash, colon and underscore';
}
