import type { ServerEvent } from '../http/event-stream.js';

/** One reader of a feed. It holds one event at most: who is slow misses the ones between and is told all anew. */
export class Reader {
  private next: ServerEvent | null = null;
  private count = 0;
  private isOver = false;
  private wake: () => void = () => undefined;

  constructor(
    private readonly all: () => string,
    private readonly signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.end(), { once: true });
  }

  /** Takes what is another, as JSON. */
  tell(tick: string): void {
    const isMissed = this.count === 0 || this.next !== null;
    this.next = isMissed ? this.event('all', this.all()) : this.event('tick', tick);
    this.wake();
  }

  /** Has it told everything. */
  refresh(): void {
    this.next = this.event('all', this.all());
    this.wake();
  }

  /** Ends it. */
  end(): void {
    this.isOver = true;
    this.wake();
  }

  /** Its events, the first at the next look. */
  async *events(): AsyncGenerator<ServerEvent> {
    while (!this.isOver && !this.signal.aborted) {
      const { next } = this;
      this.next = null;
      if (next === null) await this.more();
      else yield next;
    }
  }

  private event(event: string, json: string): ServerEvent {
    this.count++;
    return { id: String(this.count), event, json };
  }

  private more(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
