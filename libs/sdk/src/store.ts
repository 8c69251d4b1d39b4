import { openRedis, type PoolKeys, poolKeys, queueNameOf, type RedisTarget, ShuntError } from '@shunt/lanes';
import type { Redis } from 'ioredis';
import { bare, refusal } from './redis-error.js';
import { Waits } from './waits.js';

/** Errors after which the same call may succeed on a new connection or a moment later. */
const passing =
  /ECONN|EPIPE|ETIMEDOUT|Socket timeout|closed|writeable|retries per request|^(READONLY|LOADING|MASTERDOWN|TRYAGAIN|CLUSTERDOWN)/i;
/** Silence after which a connection that owes an answer is given up: the peer may be gone without a word. */
const silenceMs = 5_000;
/** The same for a reader, whose reads block for up to 5 s. */
const readerSilenceMs = 15_000;
/** Pause before a call is sent again. */
const againMs = 20;

/**
 * A pool as a client sees it: every call has a deadline and is sent again until then. What is called must be idempotent.
 */
export class Store {
  readonly redis: Redis;
  readonly keys: PoolKeys;
  /** Every wait of the client: ends with it. */
  readonly waits = new Waits();
  private connectionError: Error | undefined;

  constructor(
    private readonly target: RedisTarget,
    pool: string,
    prefix?: string,
  ) {
    this.redis = openRedis(target, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      socketTimeout: silenceMs,
      retryStrategy: retryAfterMs,
    });
    this.redis.on('error', (error) => {
      this.connectionError = bare(error);
    });
    this.keys = poolKeys(queueNameOf(pool), prefix);
  }

  /** Another connection to the same Redis, for blocking reads: waits for it to be back, and asks again then. */
  openReader(): Redis {
    const options = { maxRetriesPerRequest: null, socketTimeout: readerSilenceMs, retryStrategy: retryAfterMs };
    return openRedis(this.target, options).on('error', () => undefined);
  }

  /**
   * Calls Redis until it answers or `deadlineMs` (of performance.now) is past.
   *
   * @throws ShuntError STORE_UNAVAILABLE when nothing was sent or Redis refuses, DEADLINE_EXCEEDED when the outcome is
   * unknown
   */
  async call<T>(deadlineMs: number, send: (redis: Redis) => Promise<T>): Promise<T> {
    let cause: unknown;
    const onLate = () => {
      const message = 'No answer from Redis before the deadline; safe to repeat with the same id';
      throw new ShuntError('DEADLINE_EXCEEDED', message, { cause });
    };
    for (;;) {
      if (this.waits.isClosed) throw new ShuntError('STORE_UNAVAILABLE', 'The client is closed');
      if (this.redis.status !== 'ready') await this.ready(deadlineMs, cause ? onLate : () => this.refuse());
      try {
        return await this.waits.until(deadlineMs, send(this.redis), onLate);
      } catch (error) {
        if (!isPassing(error)) throw refusal(error);
        cause = error;
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

  private refuse(): never {
    const { host = '127.0.0.1', port = 6379, path } = this.redis.options;
    const cause = this.connectionError;
    const reason = cause?.message ? ` (${cause.message})` : '';
    const message = `Redis at ${path ?? `${host}:${port}`} did not answer before the deadline${reason}`;
    throw new ShuntError('STORE_UNAVAILABLE', message, { cause });
  }
}

function retryAfterMs(tries: number): number {
  return Math.min(25 * tries, 500);
}

function isPassing(error: unknown): boolean {
  return error instanceof Error && !(error instanceof ShuntError) && passing.test(error.message);
}
