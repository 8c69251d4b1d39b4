import { randomUUID } from 'node:crypto';
import { type EnqueueOutcome, enqueueBatch, type NewTask } from '@shunt/lanes';
import type { Store } from './store.js';

/** A task's outcome, and the last event of the pool before it. */
export interface Enqueued extends EnqueueOutcome {
  readonly lastEventId: string;
}

interface Waiting {
  readonly task: NewTask;
  readonly deadlineMs: number;
  readonly resolve: (enqueued: Enqueued) => void;
  readonly reject: (error: unknown) => void;
}

/** Most tasks of a round trip: one script call stays below a few ms. */
const maxTasks = 256;
/** Most payload characters of a round trip. */
const maxChars = 1_000_000;

/**
 * Sends tasks in the order of the calls, one batch at a time: calls of one tick, and calls made while a batch is on its
 * way, share the next round trip. A batch that fails on the way is sent again under the same nonce.
 */
export class Batcher {
  private waiting: Waiting[] = [];
  private isSending = false;

  constructor(
    private readonly store: Store,
    private readonly timeoutMs: number,
  ) {}

  /** Adds a task. Resolves when Redis has it. */
  add(task: NewTask): Promise<Enqueued> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ task, deadlineMs: performance.now() + this.timeoutMs, resolve, reject });
      if (this.isSending) return;
      this.isSending = true;
      setImmediate(() => this.sendAll());
    });
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) await this.send(this.nextBatch());
    this.isSending = false;
  }

  private nextBatch(): Waiting[] {
    let chars = 0;
    const end = this.waiting.findIndex(({ task }, i) => {
      chars += task.data.length;
      return i >= maxTasks || (i > 0 && chars > maxChars);
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  private async send(batch: readonly Waiting[]): Promise<void> {
    const nonce = randomUUID();
    const tasks = batch.map(({ task }) => task);
    const deadlineMs = batch[0]?.deadlineMs ?? 0;
    try {
      const { outcomes, lastEventId } = await this.store.call(deadlineMs, (redis) =>
        enqueueBatch(redis, this.store.keys, nonce, tasks),
      );
      for (const [i, { resolve }] of batch.entries()) resolve({ ...(outcomes[i] as EnqueueOutcome), lastEventId });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
