import { leaseLost, type WorkerLife } from './worker-life.js';

/** What a handler may know of its agent. */
export interface AgentOfTask {
  /** Agent key, '' for a task without an agent. */
  readonly agent: string;
  /** Grows whenever the agent changes hands; 0 without an agent. */
  readonly fence: number;
  /** `warm` when this life of the worker ran the agent's previous task. */
  readonly home: 'warm' | 'cold';
  /** Workers that have to end its state before it runs here. */
  readonly closers: readonly string[];
  /** How long the task has been its agent's current one when it was fetched, in ms; null when that is not known. */
  readonly waitedMs: number | null;
}

/** The tasks that a worker runs, each in the slot that it was fetched for. */
export class HeldTasks {
  private readonly tasks = new Map<string, { readonly token: string; readonly agent: AgentOfTask }>();

  constructor(private readonly life: WorkerLife) {}

  /** How many it runs. */
  get size(): number {
    return this.tasks.size;
  }

  /** Whether it runs a task. */
  has(task: string): boolean {
    return this.tasks.has(task);
  }

  /** Fence and warmth of a task it runs. */
  agentOf(task: string): AgentOfTask | undefined {
    return this.tasks.get(task)?.agent;
  }

  /** A slot was filled. */
  fill(token: string, task: string, agent: AgentOfTask): void {
    this.tasks.set(task, { token, agent });
  }

  /** A slot was left. A late answer must not drop what another slot knows of the task by now. */
  leave(token: string, task: string): void {
    if (this.tasks.get(task)?.token === token) this.tasks.delete(task);
  }

  /** Gives up every task it runs: none of them can be ended any more. */
  renounce(): void {
    this.tasks.clear();
  }

  /** @throws ShuntError LEASE_LOST when the task is no longer this worker's to run or to end */
  assertHeld(task: string, token: string): void {
    if (this.life.isCurrent(this.life.incarnation) && this.tasks.get(task)?.token === token) return;
    throw leaseLost();
  }

  /** Whether a slot other than this one runs a task that found no state: of a straggler one that it took from a yard. */
  runsColdBeside(token: string): boolean {
    return [...this.tasks.values()].some((each) => each.agent.home === 'cold' && each.token !== token);
  }
}
