import { longestBlockMs } from '@shunt/lanes';
import type { Redis } from 'ioredis';
import type { Store } from '../client/store.js';
import { type Ending, endingOf } from './ending.js';
import { EndingSearch } from './ending-search.js';

type Entry = [id: string, fields: string[]];

/** Pause after the stream could not be read. */
const againMs = 100;

/** Follows the pool's event stream and tells who asked when a task has ended. One connection for all tasks. */
export class Endings {
  private readonly listeners = new Map<string, Set<(ending: Ending) => void>>();
  #reader: Redis | undefined;
  private started: Promise<void> | undefined;

  private readonly past: EndingSearch;

  constructor(private readonly store: Store) {
    this.past = new EndingSearch(store.keys.of('events'));
  }

  /** Starts to follow the stream. Resolves once nothing that ends from now on is missed. */
  async follow(): Promise<void> {
    this.started ??= this.start();
    try {
      await this.started;
    } catch (error) {
      this.started = undefined;
      throw error;
    }
  }

  /** Calls back at most once when the task ends. Needs {@link follow} first. The returned function stops it. */
  listen(task: string, onEnding: (ending: Ending) => void): () => void {
    const set = this.listeners.get(task) ?? new Set();
    this.listeners.set(task, set.add(onEnding));
    return () => {
      set.delete(onEnding);
      if (set.size === 0 && this.listeners.get(task) === set) this.listeners.delete(task);
    };
  }

  /** Searches the events after `afterId` for a task's ending; null when they do not hold it. */
  find(redis: Redis, task: string, afterId: string): Promise<Ending | null> {
    return this.past.find(redis, task, afterId);
  }

  /** Ends the connection. */
  close(): void {
    this.#reader?.disconnect();
  }

  /** What ends before the follower's first read is in the stream after the id taken here. */
  private async start(): Promise<void> {
    const events = this.store.keys.of('events');
    const [last] = (await this.store.redis.xrevrange(events, '+', '-', 'COUNT', 1)) as Entry[];
    if (this.store.waits.isClosed) return;
    this.#reader = this.store.openReader();
    void this.read(this.#reader, events, last?.[0] ?? '0-0');
  }

  private async read(reader: Redis, events: string, from: string): Promise<void> {
    let lastId = from;
    while (!this.store.waits.isClosed) {
      try {
        const reply = await reader.xread('COUNT', 1000, 'BLOCK', longestBlockMs, 'STREAMS', events, lastId);
        for (const [id, fields] of (reply?.[0]?.[1] ?? []) as Entry[]) {
          lastId = id;
          this.tell(fields);
        }
      } catch {
        // Redis is not ready, or the client closes: whoever waits reads the task's state besides.
        await this.store.waits.pause(performance.now() + againMs).catch(() => undefined);
      }
    }
  }

  private tell(fields: string[]): void {
    const ended = this.listeners.size > 0 ? endingOf(fields) : null;
    const set = ended && this.listeners.get(ended.task);
    if (!ended || !set) return;
    this.listeners.delete(ended.task);
    for (const onEnding of set) onEnding(ended.ending);
  }
}
