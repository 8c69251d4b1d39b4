import { thrownError } from './thrown-error.js';

/** A state that a worker need not hold any more. */
export interface AgentRelease {
  /** Agent key. */
  readonly agent: string;
  /** What was opened under a lower fence is over. */
  readonly fence: number;
  /** `evicted`: the worker holds more agents than it can. `moved`: the agent's tasks run elsewhere. `released`: an operator took it away. */
  readonly reason: 'evicted' | 'moved' | 'released';
}

/** Passes on what a worker is told to end, and keeps what it has ended until a heartbeat has answered that. */
export class AgentReleases {
  private readonly underWay = new Map<string, string>();
  private readonly done = new Map<string, string>();

  /**
   * `onRelease` ends a state, and `onError` is told when that failed: it counts as ended, as nobody will try again. `onDone` is called when
   * one has ended, so that who waits for it hears of it.
   */
  constructor(
    private readonly onRelease: (release: AgentRelease) => unknown,
    private readonly onDone: () => void,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Takes what a script told, flat: agent key, `<fence> <reason>`. */
  take(told: readonly string[]): void {
    for (let i = 0; i < told.length; i += 2) {
      const [agent = '', what = ''] = told.slice(i, i + 2);
      if (this.done.get(agent) !== what && this.underWay.get(agent) !== what) void this.end(agent, what);
    }
  }

  /** What the next heartbeat is to tell, as it was taken. */
  get untold(): string[] {
    return [...this.done].flat();
  }

  /** A heartbeat that told this was answered. */
  settle(told: readonly string[]): void {
    for (let i = 0; i < told.length; i += 2) {
      if (this.done.get(String(told[i])) === told[i + 1]) this.done.delete(String(told[i]));
    }
  }

  private async end(agent: string, what: string): Promise<void> {
    const [fence, reason] = what.split(' ') as [string, AgentRelease['reason']];
    this.underWay.set(agent, what);
    try {
      await this.onRelease({ agent, fence: Number(fence), reason });
    } catch (error) {
      this.onError(thrownError(error, 'onAgentRelease'));
    }
    // Told again under a higher fence meanwhile: that one counts.
    if (this.underWay.get(agent) !== what) return;
    this.underWay.delete(agent);
    this.done.set(agent, what);
    this.onDone();
  }
}
