import { setTimeout as sleep } from 'node:timers/promises';
import { openRedis, type PoolKeys, poolKeys, queueNameOf, type RedisTarget, ShuntError } from '@shunt/lanes';
import type { Redis } from 'ioredis';

/** Errors after which the same call may succeed on a new connection or a moment later. */
const passing =
  /ECONN|EPIPE|ETIMEDOUT|closed|writeable|retries per request|^(READONLY|LOADING|MASTERDOWN|TRYAGAIN|CLUSTERDOWN)/i;

/**
 * A pool as a client sees it: every call has a deadline and is sent again until then. What is called must be idempotent.
 */
export class Store {
  readonly redis: Redis;
  readonly keys: PoolKeys;

  constructor(
    private readonly target: RedisTarget,
    pool: string,
    prefix?: string,
  ) {
    this.redis = this.open();
    this.keys = poolKeys(queueNameOf(pool), prefix);
  }

  /** Another connection to the same Redis, for a blocking read. */
  open(): Redis {
    const redis = openRedis(this.target, {
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (tries) => Math.min(25 * tries, 500),
    });
    redis.on('error', () => undefined);
    return redis;
  }

  /**
   * Calls Redis until it answers or `deadlineMs` (of performance.now) is past.
   *
   * @throws ShuntError STORE_UNAVAILABLE when nothing was sent, DEADLINE_EXCEEDED when the outcome is unknown
   */
  async call<T>(deadlineMs: number, send: (redis: Redis) => Promise<T>): Promise<T> {
    let wasSent = false;
    for (;;) {
      await this.ready(deadlineMs, wasSent);
      try {
        wasSent = true;
        return await before(deadlineMs, send(this.redis));
      } catch (error) {
        if (!(error instanceof Error) || error instanceof ShuntError || !passing.test(error.message))
          throw refusal(error);
        await sleep(Math.min(20, Math.max(0, deadlineMs - performance.now())));
      }
    }
  }

  /** Ends the connection. */
  close(): void {
    this.redis.disconnect();
  }

  private async ready(deadlineMs: number, wasSent: boolean): Promise<void> {
    if (this.redis.status === 'ready') return;
    if (this.redis.status === 'end') throw new ShuntError('STORE_UNAVAILABLE', 'The client is closed');
    let onReady = () => {};
    const waiting = new Promise<void>((resolve) => {
      onReady = resolve;
      this.redis.once('ready', onReady);
    });
    try {
      await before(deadlineMs, waiting);
    } catch (error) {
      if (wasSent) throw error;
      const { host = '127.0.0.1', port = 6379 } = this.redis.options;
      throw new ShuntError('STORE_UNAVAILABLE', `Redis at ${host}:${port} did not answer before the deadline`, {
        cause: error,
      });
    } finally {
      this.redis.off('ready', onReady);
    }
  }
}

/** Settles as the promise does, or fails when the deadline is past. */
async function before<T>(deadlineMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = 'No answer from Redis before the deadline; safe to repeat with the same id';
    timer = setTimeout(
      () => reject(new ShuntError('DEADLINE_EXCEEDED', message)),
      Math.max(0, deadlineMs - performance.now()),
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function refusal(error: unknown): unknown {
  if (error instanceof Error && error.message.startsWith('OOM')) {
    return new ShuntError('STORE_UNAVAILABLE', 'Redis is out of memory (maxmemory reached)', { cause: error });
  }
  return error;
}
