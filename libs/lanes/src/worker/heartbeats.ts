/** What a worker beats with. */
export interface HeartbeatsOptions {
  readonly intervalMs: number;
  /** Sends one beat. */
  readonly beat: () => Promise<void>;
  /** Follows each regular beat. */
  readonly afterBeat: () => Promise<void>;
  readonly onError: (error: Error) => void;
}

/** Beats from `start` to `stop`, goes on after a failed beat, and beats between when something cannot wait. */
export class Heartbeats {
  private timer: NodeJS.Timeout | undefined;
  private state: 'new' | 'beating' | 'stopped' = 'new';
  private isHurrying = false;
  private isDueAgain = false;

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

  /** Beats at once, or once more when such a beat is under way: all that cannot wait goes with one of them. */
  now(): void {
    this.isDueAgain = true;
    if (!this.isHurrying) void this.hurry();
  }

  private async hurry(): Promise<void> {
    this.isHurrying = true;
    while (this.isDueAgain && this.state === 'beating') {
      this.isDueAgain = false;
      await this.attempt(this.options.beat);
    }
    this.isHurrying = false;
  }

  private async next(): Promise<void> {
    const { beat, afterBeat, intervalMs } = this.options;
    await this.attempt(async () => {
      await beat();
      await afterBeat();
    });
    if (this.state === 'beating') this.timer = setTimeout(() => this.next(), intervalMs);
  }

  private async attempt(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if (this.state === 'beating') this.options.onError(error as Error);
    }
  }
}
