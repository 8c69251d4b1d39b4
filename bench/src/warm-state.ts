import { setTimeout as sleep } from 'node:timers/promises';

/** Costs of a warm/cold worker. */
export interface WarmColdOptions {
  readonly warmMs: number;
  readonly coldMs: number;
  /** Agents whose state a worker can hold; the least recently served one is dropped. */
  readonly room: number;
}

/** The state a worker holds: an agent that is held is served fast, one that is not has to be loaded. */
export class WarmState {
  private readonly held = new Map<string, true>();

  constructor(private readonly options: WarmColdOptions) {}

  /** Takes as long as the agent's task would. */
  async serve(agent: string): Promise<'warm' | 'cold'> {
    const { warmMs, coldMs, room } = this.options;
    const isWarm = this.held.delete(agent);
    this.held.set(agent, true);
    if (this.held.size > room) this.held.delete(this.held.keys().next().value as string);
    await sleep(isWarm ? warmMs : coldMs);
    return isWarm ? 'warm' : 'cold';
  }
}
