import { longestBlockMs } from '@shunt/lanes';
import type { Redis } from 'ioredis';
import type { Store } from './store.js';

/** An entry of a stream of Redis. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

type RawEntry = [id: string, fields: string[]];

/** Entries of one read: a batch is small, as its reader may be slow. */
const maxRead = 500;
/** A reader looks by itself this often: heals a follower that lost its connection. */
const lookMs = 15_000;
/** Pause after a stream could not be read. */
const againMs = 100;

/**
 * Reads a stream for any number of readers, each at its own pace: one blocking connection tells them all that there is more, and what
 * a reader has not read waits in Redis.
 */
export class StreamFeed {
  private version = 0;
  private wakeUp: () => void = () => undefined;
  private more: Promise<void> = this.nextMore();
  #reader: Redis | undefined;
  private started: Promise<void> | undefined;

  constructor(
    private readonly store: Store,
    private readonly key: string,
  ) {}

  /** The id of the newest entry, `0-0` of an empty stream. */
  async newest(deadlineMs: number): Promise<string> {
    const [last] = (await this.store.call(deadlineMs, (redis) =>
      redis.xrevrange(this.key, '+', '-', 'COUNT', 1),
    )) as RawEntry[];
    return last?.[0] ?? '0-0';
  }

  /** Up to 500 entries behind an id. */
  async read(afterId: string, deadlineMs: number): Promise<StreamEntry[]> {
    const entries = (await this.store.call(deadlineMs, (redis) =>
      redis.xrange(this.key, `(${afterId}`, '+', 'COUNT', maxRead),
    )) as RawEntry[];
    return entries.map(([id, flat]) => {
      const fields: Record<string, string> = Object.create(null);
      for (let i = 0; i < flat.length; i += 2) fields[String(flat[i])] = String(flat[i + 1]);
      return { id, fields };
    });
  }

  /**
   * Batches of entries behind an id, until the signal aborts.
   *
   * @throws ShuntError STORE_UNAVAILABLE, also once the client is closed, DEADLINE_EXCEEDED
   */
  async *follow(afterId: string, timeoutMs: number, signal: AbortSignal): AsyncGenerator<StreamEntry[], void> {
    this.start();
    const wake = () => this.tell();
    signal.addEventListener('abort', wake);
    try {
      for (let last = afterId; !signal.aborted; ) {
        const { version, more } = this;
        const batch = await this.read(last, performance.now() + timeoutMs);
        last = batch.at(-1)?.id ?? last;
        if (batch.length > 0) yield batch;
        else if (version === this.version)
          await this.store.waits.until(performance.now() + lookMs, more, () => undefined);
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#reader?.disconnect();
  }

  private start(): void {
    this.#reader ??= this.store.openReader();
    this.started ??= this.watch(this.#reader);
  }

  /** Whoever read before it knew the newest entry looks once more: then nothing is missed. */
  private async watch(reader: Redis): Promise<void> {
    let lastId = '';
    while (!this.store.waits.isClosed) {
      try {
        const isFirst = lastId === '';
        if (isFirst) lastId = ((await reader.xrevrange(this.key, '+', '-', 'COUNT', 1)) as RawEntry[])[0]?.[0] ?? '0-0';
        else {
          const reply = await reader.xread('COUNT', maxRead, 'BLOCK', longestBlockMs, 'STREAMS', this.key, lastId);
          const last = (reply?.[0]?.[1] as RawEntry[] | undefined)?.at(-1)?.[0];
          if (last === undefined) continue;
          lastId = last;
        }
      } catch {
        // Redis is not ready, or the client closes. Readers look for themselves.
        await this.store.waits.pause(performance.now() + againMs).catch(() => undefined);
      }
      this.tell();
    }
  }

  private tell(): void {
    this.version++;
    const { wakeUp } = this;
    this.more = this.nextMore();
    wakeUp();
  }

  private nextMore(): Promise<void> {
    return new Promise((resolve) => {
      this.wakeUp = resolve;
    });
  }
}
