import { setTimeout as sleep } from 'node:timers/promises';
import type { LatestRuns } from './latest-runs.js';
import type { TaskCosts } from './systems/system.js';

/** A warm/cold worker, and what tasks cost there that have no costs of their own. */
export interface WarmColdOptions extends TaskCosts {
  /** Agents whose state a worker can hold; the least recently served one is dropped. */
  readonly room: number;
}

/**
 * The states a worker holds: an agent whose state is here is served fast, any other's has to be loaded first. A task changes the state, so that
 * one is worth nothing once another worker has run the agent.
 */
export class WarmState {
  private readonly held = new Set<string>();
  private readonly loading = new Map<string, Promise<void>>();

  constructor(
    private readonly options: WarmColdOptions,
    private readonly latest: Pick<LatestRuns, 'begin'>,
  ) {}

  /** Resolves once no other task is loading the agent's state: where two of an agent run at once, the later one has nothing to work on before. */
  async loaded(agent: string): Promise<void> {
    await this.loading.get(agent);
  }

  /** Takes as long as the agent's task would. */
  async serve(agent: string, { warmMs, coldMs }: TaskCosts = this.options): Promise<'warm' | 'cold'> {
    const isLatest = this.latest.begin(agent);
    const isWarm = this.held.delete(agent) && isLatest;
    this.hold(agent);
    if (!isWarm) await this.load(agent, coldMs - warmMs);
    await sleep(warmMs);
    return isWarm ? 'warm' : 'cold';
  }

  private hold(agent: string): void {
    this.held.add(agent);
    if (this.held.size > this.options.room) this.held.delete(this.held.values().next().value as string);
  }

  private async load(agent: string, loadMs: number): Promise<void> {
    const loading = sleep(loadMs);
    this.loading.set(agent, loading);
    await loading;
    if (this.loading.get(agent) === loading) this.loading.delete(agent);
  }
}
