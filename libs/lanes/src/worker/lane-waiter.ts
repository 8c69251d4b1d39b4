import { RedisQueueBackend } from 'bullmq';
import type { Redis } from 'ioredis';
import { renew } from '../redis/connection.js';

type Arguments = ConstructorParameters<typeof RedisQueueBackend>;

/** Waits for work at a marker of a lane's own, on a connection that blocks. */
export class LaneWaiter {
  private readonly backend: RedisQueueBackend;
  private readonly connection: Arguments[5];
  /** Ends the wait that is under way. */
  private interrupt: () => void = () => undefined;

  /** Takes what BullMQ's backend does, with the keys of the lane. */
  constructor(...[connection, name, keys, toKey, options, blocking]: Arguments) {
    this.backend = new RedisQueueBackend(connection, name, keys, toKey, options, blocking, false);
    this.connection = blocking;
    // BullMQ tells of its errors until it is closed, which is not yet the end of a connection whose peer hangs.
    (blocking as unknown as { _client?: Redis } | undefined)?._client?.on('error', () => undefined);
  }

  /** Waits for so long at most. Rejects once it is interrupted. */
  wait(timeoutSeconds: number): ReturnType<RedisQueueBackend['waitForJob']> {
    const interrupted = new Promise<never>((_, reject) => {
      this.interrupt = () => reject(new Error('Connection is closed.'));
    });
    return Promise.race([this.backend.waitForJob(timeoutSeconds), interrupted]);
  }

  /**
   * Ends the wait by ending the connection, in a way of the caller's that may wait until it has ended. One that is between two tries
   * answers nothing any more, nor does it tell that it ended.
   */
  async disconnect(end: (isToWait: boolean) => Promise<void>): Promise<void> {
    const client = await (this.connection?.client as Promise<Pick<Redis, 'status'>> | undefined);
    const isBetweenTries = client?.status === 'reconnecting';
    this.interrupt();
    await end(!isBetweenTries);
    if (client && isBetweenTries) client.status = 'end';
  }

  /** Has its connection made anew, as the worker's other one was lost. */
  async renew(): Promise<void> {
    const client = await (this.connection?.client as Promise<Redis> | undefined)?.catch(() => undefined);
    if (client) renew(client);
  }

  /** Ends the wait for good, together with what closes the connection. */
  async close(closing: Promise<void>): Promise<void> {
    this.interrupt();
    this.backend.closing = closing;
    await closing;
  }
}
