import { Redis, type RedisOptions } from 'ioredis';
import { defineScripts } from './script-runner.js';

type ConnectOptions = Omit<RedisOptions, 'replyMapping'> & { readonly url?: string };

/** Where Redis is: a URL such as `redis://127.0.0.1:6379`, ioredis options, or both as `{ url, ...options }`. */
export type RedisTarget = string | ConnectOptions;

/** Opens a connection with every script defined. `overrides` win over the target's own options. */
export function openRedis(target: RedisTarget, overrides: ConnectOptions = {}): Redis {
  const { url, ...options } = typeof target === 'string' ? { url: target } : target;
  const redis =
    url === undefined ? new Redis({ ...options, ...overrides }) : new Redis(url, { ...options, ...overrides });
  defineScripts(redis);
  return redis;
}

/** A connection on which an answer is due for longer is replaced. BullMQ's workers block for up to 10 s. */
const silenceMs = 12_000;

/**
 * A connection for a process that outlives Redis's absences: commands wait for it to be back and are sent again after a
 * lost reply, which is safe as every script is idempotent.
 */
export function openPatientRedis(target: RedisTarget): Redis {
  return openRedis(target, {
    maxRetriesPerRequest: null,
    socketTimeout: silenceMs,
    retryStrategy: (tries) => Math.min(50 * tries, 1000),
  });
}

const passing = /^(OOM|LOADING|READONLY|MISCONF|MASTERDOWN|NOREPLICAS|BUSY) /;

/** Whether Redis refused a call for a reason that may pass by itself: full, loading, failing over. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError' && passing.test(error.message);
}
