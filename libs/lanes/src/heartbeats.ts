/** What a worker beats with. */
export interface HeartbeatsOptions {
  readonly intervalMs: number;
  /** Sends one beat. */
  readonly beat: () => Promise<void>;
  readonly onError: (error: Error) => void;
}

/** Beats from `start` to `stop`, one beat at a time, and goes on after a failed one. */
export class Heartbeats {
  private timer: NodeJS.Timeout | undefined;
  private state: 'new' | 'beating' | 'stopped' = 'new';

  constructor(private readonly options: HeartbeatsOptions) {}

  /** Starts to beat; a second call does nothing. */
  start(): void {
    if (this.state !== 'new') return;
    this.state = 'beating';
    void this.next();
  }

  /** Beats no more. */
  stop(): void {
    this.state = 'stopped';
    clearTimeout(this.timer);
  }

  private async next(): Promise<void> {
    const { beat, intervalMs, onError } = this.options;
    try {
      await beat();
    } catch (error) {
      if (this.state === 'beating') onError(error as Error);
    }
    if (this.state === 'beating') this.timer = setTimeout(() => this.next(), intervalMs);
  }
}
