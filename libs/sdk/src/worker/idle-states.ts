import { setTimeout as sleep } from 'node:timers/promises';
import type { LaneWorker } from '@shunt/lanes';
import type { AgentStates } from './agent-states.js';

/** A state ends this part of the session before it: then its agent has no task under way to this worker. */
const shareOfSession = 0.9;
/** How often in a session it looks. */
const looksPerSession = 20;
/** Most states that end with one call. */
const batch = 500;

/** Ends the states of agents that had no task for a session: their homes are given up, then they are closed with `expired`. */
export class IdleStates {
  private readonly stopping = new AbortController();

  constructor(
    private readonly states: AgentStates,
    private readonly lane: LaneWorker,
  ) {}

  /** Looks until stopped. */
  async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted && this.states.areHeld) {
      await sleep(this.sessionMs / looksPerSession, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await this.look().catch((error) => this.lane.emit('error', error as Error));
    }
  }

  /** Looks no more. */
  stop(): void {
    this.stopping.abort();
  }

  private get sessionMs(): number {
    return this.lane.config.current.sessionTtlMs;
  }

  private async look(): Promise<void> {
    const untilMs = performance.now() - shareOfSession * this.sessionMs;
    const idle = this.states.idleSince(untilMs);
    for (let from = 0; from < idle.length; from += batch) {
      const agents = idle.slice(from, from + batch);
      await this.lane.dropAgents(agents);
      this.states.expire(agents, untilMs);
    }
  }
}
