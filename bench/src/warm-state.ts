import { setTimeout as sleep } from 'node:timers/promises';
import type { LatestRuns } from './latest-runs.js';
import type { TaskCosts } from './systems/system.js';

/** A warm/cold worker, and what tasks cost there that have no costs of their own. */
export interface WarmColdOptions extends TaskCosts {
  /** Agents whose state a worker can hold; the least recently served one is dropped. */
  readonly room: number;
}

/**
 * The states a worker holds: an agent whose state is here is served fast, any other's has to be loaded. A task changes the state, so that
 * one is worth nothing once another worker has run the agent.
 */
export class WarmState {
  private readonly held = new Map<string, true>();

  constructor(
    private readonly options: WarmColdOptions,
    private readonly latest: LatestRuns,
  ) {}

  /** Takes as long as the agent's task would. */
  async serve(agent: string, { warmMs, coldMs }: TaskCosts = this.options): Promise<'warm' | 'cold'> {
    const { room } = this.options;
    const isLatest = this.latest.begin(agent);
    const isWarm = this.held.delete(agent) && isLatest;
    this.held.set(agent, true);
    if (this.held.size > room) this.held.delete(this.held.keys().next().value as string);
    await sleep(isWarm ? warmMs : coldMs);
    return isWarm ? 'warm' : 'cold';
  }
}
