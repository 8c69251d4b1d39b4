interface Waiting<Task, Outcome> {
  readonly task: Task;
  readonly deadlineMs: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Most tasks of a round trip: one script call stays below a few ms. */
const maxTasks = 256;
/** Once the calls of this tick are made; a browser has no `setImmediate`. */
const afterTick: (run: () => void) => void = globalThis.setImmediate ?? ((run) => setTimeout(run));
/** Most payload characters of a round trip. */
const maxChars = 1_000_000;

/**
 * Sends tasks in the order of the calls, one batch at a time: calls of one tick, and calls made while a batch is on its
 * way, share the next round trip. What waits for its turn is not late as long as the batches before it are answered in
 * time; nor by the tick that makes it, which may take longer than the timeout where it makes 100,000 on a busy machine.
 */
export class Batcher<Task extends { readonly data: string }, Outcome> {
  private waiting: Waiting<Task, Outcome>[] = [];
  private isSending = false;
  /** When the batch before was answered, or the tick of the first calls ended, of performance.now. */
  private freeAtMs = 0;

  /** @param sendBatch resolves to an outcome for each task, in their order */
  constructor(
    private readonly sendBatch: (tasks: readonly Task[], deadlineMs: number) => Promise<readonly Outcome[]>,
    private readonly timeoutMs: number,
  ) {}

  /** Adds a task. Resolves when it is known what became of it. */
  add(task: Task): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ task, deadlineMs: performance.now() + this.timeoutMs, resolve, reject });
      if (this.isSending) return;
      this.isSending = true;
      afterTick(() => this.sendAll());
    });
  }

  private async sendAll(): Promise<void> {
    this.freeAtMs = performance.now();
    while (this.waiting.length > 0) await this.send(this.nextBatch());
    this.isSending = false;
  }

  private nextBatch(): Waiting<Task, Outcome>[] {
    let chars = 0;
    const end = this.waiting.findIndex(({ task }, i) => {
      chars += task.data.length;
      return i >= maxTasks || (i > 0 && chars > maxChars);
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  private async send(batch: readonly Waiting<Task, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.sendBatch(
        batch.map(({ task }) => task),
        Math.max(batch[0]?.deadlineMs ?? 0, this.freeAtMs + this.timeoutMs),
      );
      this.freeAtMs = performance.now();
      for (const [i, { resolve }] of batch.entries()) resolve(outcomes[i] as Outcome);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
