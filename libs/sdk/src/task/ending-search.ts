import type { Redis } from 'ioredis';
import { type Ending, endingOf } from './ending.js';

type Entry = [id: string, fields: string[]];

interface Asked {
  readonly task: string;
  readonly afterId: string;
  readonly resolve: (ending: Ending | null) => void;
  readonly reject: (error: unknown) => void;
}

/** Entries of a read. */
const pageSize = 1000;

/** Searches a pool's event stream for how tasks ended that are gone. Those who ask in one turn share a search. */
export class EndingSearch {
  private asked: Asked[] = [];

  /** @param events key of the stream */
  constructor(private readonly events: string) {}

  /** Resolves to how a task ended behind the event `afterId`; null when the stream does not hold it. */
  find(redis: Redis, task: string, afterId: string): Promise<Ending | null> {
    return new Promise((resolve, reject) => {
      if (this.asked.length === 0) setImmediate(() => this.search(redis));
      this.asked.push({ task, afterId, resolve, reject });
    });
  }

  private async search(redis: Redis): Promise<void> {
    const open = new Set(this.asked);
    this.asked = [];
    try {
      await this.read(redis, open);
      for (const { resolve } of open) resolve(null);
    } catch (error) {
      for (const { reject } of open) reject(error);
    }
  }

  /** Reads until all have what they asked for, or the stream ends. */
  private async read(redis: Redis, open: Set<Asked>): Promise<void> {
    const byTask = new Map<string, Asked[]>();
    for (const one of open) byTask.set(one.task, [...(byTask.get(one.task) ?? []), one]);
    let from = [...open].map(({ afterId }) => afterId).reduce((left, right) => (isAfter(left, right) ? right : left));
    while (open.size > 0) {
      const entries = (await redis.xrange(this.events, `(${from}`, '+', 'COUNT', pageSize)) as Entry[];
      for (const [id, fields] of entries) {
        const ended = endingOf(fields);
        const waiting = ended === null ? [] : (byTask.get(ended.task) ?? []);
        for (const one of waiting) {
          if (!isAfter(id, one.afterId)) continue;
          if (open.delete(one) && ended !== null) one.resolve(ended.ending);
        }
      }
      const last = entries.at(-1);
      if (last === undefined || entries.length < pageSize) return;
      from = last[0];
    }
  }
}

/** Whether an entry of a stream comes behind another, by their ids `<ms>-<number>`. */
function isAfter(id: string, other: string): boolean {
  const [ms = 0, number = 0] = id.split('-').map(Number);
  const [otherMs = 0, otherNumber = 0] = other.split('-').map(Number);
  return ms === otherMs ? number > otherNumber : ms > otherMs;
}
