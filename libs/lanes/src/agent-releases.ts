/** A state that a worker need not hold any more. */
export interface AgentRelease {
  /** Agent key. */
  readonly agent: string;
  /** What was opened under a lower fence is over. */
  readonly fence: number;
  /** `evicted`: the worker holds more agents than it can. `moved`: the agent's tasks run elsewhere. */
  readonly reason: 'evicted' | 'moved';
}

/** Passes on what a worker is told to end, and keeps it until a heartbeat has answered that. */
export class AgentReleases {
  private readonly done = new Map<string, string>();

  constructor(private readonly onRelease: (release: AgentRelease) => void) {}

  /** Takes what a script told, flat: agent key, `<fence> <reason>`. */
  take(told: readonly string[]): void {
    for (let i = 0; i < told.length; i += 2) {
      const [agent = '', what = ''] = told.slice(i, i + 2);
      if (this.done.get(agent) === what) continue;
      const [fence, reason] = what.split(' ') as [string, AgentRelease['reason']];
      this.done.set(agent, what);
      this.onRelease({ agent, fence: Number(fence), reason });
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
}
