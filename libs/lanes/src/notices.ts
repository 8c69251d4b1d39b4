import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';

/** Hears at once that there is something for a worker to be told by its next heartbeat; one that gets lost is told by that alone. */
export class Notices {
  private readonly connection: Redis;

  constructor(redis: Redis, keys: PoolKeys, worker: string, onNotice: () => void) {
    this.connection = redis.duplicate({ lazyConnect: true });
    // The worker's own connection tells of a Redis that is away.
    this.connection.on('error', () => undefined);
    this.connection.on('message', onNotice);
    this.connection.subscribe(`${keys.prefix}lane:${worker}:told`).catch(() => undefined);
  }

  /** Hears nothing more. */
  close(): void {
    this.connection.disconnect();
  }
}
