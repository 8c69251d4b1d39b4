import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { renew } from '../redis/connection.js';

/** Hears at once that there is something for a worker to be told by its next heartbeat; one that gets lost is told by that alone. */
export class Notices {
  private readonly connection: Redis;

  private readonly renew = () => renew(this.connection);

  constructor(
    private readonly redis: Redis,
    keys: PoolKeys,
    worker: string,
    onNotice: () => void,
  ) {
    this.connection = redis.duplicate({ lazyConnect: true });
    // The worker's own connection tells of a Redis that is away.
    this.connection.on('error', () => undefined);
    this.connection.on('message', onNotice);
    redis.on('close', this.renew);
    this.connection.subscribe(`${keys.prefix}lane:${worker}:told`).catch(() => undefined);
  }

  /** Hears nothing more. */
  close(): void {
    this.redis.off('close', this.renew);
    this.connection.disconnect();
  }
}
