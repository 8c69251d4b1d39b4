import {
  isShuntError,
  longestBlockMs,
  openRedis,
  type PoolKeys,
  placeOfRedis,
  poolKeys,
  queueNameOf,
  type RedisTarget,
  redisAway,
  ShuntError,
  silenceMs,
} from '@shunt/lanes';
import type { Redis } from 'ioredis';
import { bare, refusal } from '../redis-error.js';
import { Waits } from './waits.js';

/** Errors after which the same call may succeed on a new connection or a moment later. */
const passing =
  /ECONN|EPIPE|ETIMEDOUT|Socket timeout|closed|writeable|retries per request|^(READONLY|LOADING|MASTERDOWN|TRYAGAIN|CLUSTERDOWN)/i;
/** Errors after which it is certain that nothing was done: not sent, or refused. */
const undone = /writeable|^(READONLY|LOADING|MASTERDOWN|TRYAGAIN|CLUSTERDOWN)/;
/** Pause before a call is sent again. */
const againMs = 20;

/**
 * A pool as a client sees it: every call has a deadline and is sent again until then. What is called must be idempotent.
 */
export class Store {
  readonly keys: PoolKeys;
  /** Every wait of the client: ends with it. */
  readonly waits = new Waits();
  private connectionError: Error | undefined;
  // Both may hold a password: neither console.log nor JSON.stringify shows them, of a client and its handles too.
  readonly #target: RedisTarget;
  readonly #redis: Redis;

  constructor(target: RedisTarget, pool: string, prefix?: string) {
    this.#target = target;
    this.#redis = openRedis(target, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      socketTimeout: silenceMs(longestBlockMs),
      retryStrategy: retryAfterMs,
    });
    // While Redis is away each call waits for it.
    this.redis.setMaxListeners(0);
    this.redis.on('error', (error) => {
      this.connectionError = bare(error);
    });
    this.keys = poolKeys(queueNameOf(pool), prefix);
  }

  get redis(): Redis {
    return this.#redis;
  }

  /** Another connection to the same Redis, for reads that block for up to 2 s: waits for it to be back, and asks again then. */
  openReader(): Redis {
    const options = {
      maxRetriesPerRequest: null,
      socketTimeout: silenceMs(longestBlockMs),
      retryStrategy: retryAfterMs,
    };
    return openRedis(this.#target, options).on('error', () => undefined);
  }

  /**
   * Calls Redis until it answers or `deadlineMs` (of performance.now) is past.
   *
   * @throws ShuntError STORE_UNAVAILABLE when Redis is away or refuses, DEADLINE_EXCEEDED when the outcome is unknown: also
   * when Redis refuses what it may have carried out at an earlier attempt; and when Redis is there but no time is left to ask it
   */
  async call<T>(deadlineMs: number, send: (redis: Redis) => Promise<T>): Promise<T> {
    let cause: Error | undefined;
    let isUnknown = false;
    const beLate = () => {
      const message = 'No answer from Redis before the deadline; safe to repeat with the same id';
      throw new ShuntError('DEADLINE_EXCEEDED', message, { cause });
    };
    const giveUp = () => {
      const isThere = cause === undefined && this.redis.status === 'ready';
      return isUnknown || isThere ? beLate() : this.refuse(cause);
    };
    for (;;) {
      if (this.waits.isClosed) throw new ShuntError('STORE_UNAVAILABLE', 'The client is closed');
      if (this.redis.status !== 'ready') await this.ready(deadlineMs, giveUp);
      if (performance.now() >= deadlineMs) giveUp();
      try {
        return await this.waits.until(deadlineMs, send(this.redis), beLate);
      } catch (error) {
        if (!isPassing(error)) throw isUnknown ? unknown(error) : refusal(error);
        cause = bare(error);
        isUnknown ||= !undone.test(cause.message);
        await this.waits.pause(Math.min(deadlineMs, performance.now() + againMs));
      }
    }
  }

  /** Ends the connection; calls under way fail. */
  close(): void {
    this.waits.close();
    this.redis.disconnect();
  }

  private async ready(deadlineMs: number, onLate: () => never): Promise<void> {
    let onReady = () => {};
    const waiting = new Promise<void>((resolve) => {
      onReady = resolve;
      this.redis.once('ready', onReady);
    });
    try {
      await this.waits.until(deadlineMs, waiting, onLate);
    } finally {
      this.redis.off('ready', onReady);
    }
  }

  private refuse(refusedBy: Error | undefined): never {
    const place = placeOfRedis(this.redis);
    const message = refusedBy
      ? `Redis at ${place} refused until the deadline (${refusedBy.message})`
      : redisAway(place, this.connectionError);
    throw new ShuntError('STORE_UNAVAILABLE', message, { cause: refusedBy ?? this.connectionError });
  }
}

/** A refusal of a call that was sent before and not answered: what it was sent for may have been done. */
function unknown(error: unknown): unknown {
  const refused = refusal(error);
  if (!isShuntError(refused, 'STORE_UNAVAILABLE')) return refused;
  const message = `Redis gave no answer, and then refused (${refused.message}); safe to repeat with the same id`;
  return new ShuntError('DEADLINE_EXCEEDED', message, { cause: refused });
}

function retryAfterMs(tries: number): number {
  return Math.min(25 * tries, 500);
}

function isPassing(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof ShuntError) && passing.test(error.message);
}
