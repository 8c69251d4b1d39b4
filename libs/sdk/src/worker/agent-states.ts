import { type AgentOfTask, type AgentRelease, decodeAgentKey, endsWithin } from '@shunt/lanes';

/**
 * Why an agent's state is closed. `evicted`: the worker holds more agents than `maxAgents`. `moved`: the agent's tasks run
 * elsewhere, or did meanwhile. `released`: an operator took the agent from the worker. `expired`: it was not used for the session TTL. `dropped`: the worker said that it dropped it. `lease-lost`, `shutdown`: the worker's life is over.
 */
export type CloseReason = 'evicted' | 'moved' | 'released' | 'expired' | 'dropped' | 'lease-lost' | 'shutdown';

/** An agent whose state a worker opens. */
export interface OpeningAgent {
  readonly id: string;
  /** Grows whenever the agent changes hands. */
  readonly fence: number;
}

/** An agent whose state a worker closes. */
export interface ClosingAgent extends OpeningAgent {
  /** What `onAgentOpen` returned. */
  // biome-ignore lint/suspicious/noExplicitAny: it is the worker's own; it names its type
  readonly state: any;
}

/** What a worker does with the states of agents. */
export interface AgentHooks {
  /** Called before the first task of an agent here; what it returns is `ctx.agent.state`. An error fails the attempt. */
  readonly onAgentOpen?: ((agent: OpeningAgent) => unknown) | undefined;
  /** Called when the state ends, once none of the agent's tasks runs here. */
  readonly onAgentClose?: ((agent: ClosingAgent, reason: CloseReason) => unknown) | undefined;
}

interface Held {
  readonly agent: string;
  fence: number;
  readonly state: Promise<unknown>;
  /** The task that uses it, settled when none does. */
  use: Promise<unknown>;
  /** When its last task ended, by this process's clock; infinite while one runs. */
  idleSinceMs: number;
}

/** The states of agents that a worker holds: opened at most once at a time, closed before they are opened again. */
export class AgentStates {
  private readonly held = new Map<string, Held>();
  private readonly closing = new Map<string, Promise<void>>();

  /** @param handOffMs how long an agent that comes back waits for its former state to end here */
  constructor(
    private readonly hooks: AgentHooks,
    private readonly handOffMs: number,
    private readonly onError: (error: Error) => void,
  ) {}

  /** Whether there are states at all. */
  get areHeld(): boolean {
    return (this.hooks.onAgentOpen ?? this.hooks.onAgentClose) !== undefined;
  }

  /** Runs a task with its agent's state, opened if need be. */
  use<T>(agent: AgentOfTask | undefined, run: (state: unknown) => Promise<T>): Promise<T> {
    if (agent === undefined || agent.agent === '' || !this.areHeld) return run(undefined);
    return this.useHeld(agent, run);
  }

  /** Ends what a worker need not hold any more. Resolves once that has ended. */
  async release({ agent, fence, reason }: AgentRelease): Promise<void> {
    const held = this.held.get(agent);
    if (held !== undefined && held.fence < fence) this.close(held, reason);
    await this.closing.get(agent);
  }

  /** Ends the state of one agent, by its key. */
  drop(agent: string): void {
    const held = this.held.get(agent);
    if (held !== undefined) this.close(held, 'dropped');
  }

  /** Keys of the agents that had no task since a time of this process's clock. */
  idleSince(untilMs: number): string[] {
    return [...this.held.values()].filter(({ idleSinceMs }) => idleSinceMs <= untilMs).map(({ agent }) => agent);
  }

  /** Ends the states of those of the agents that still had no task since then. */
  expire(agents: readonly string[], untilMs: number): void {
    for (const agent of agents) {
      const held = this.held.get(agent);
      if (held !== undefined && held.idleSinceMs <= untilMs) this.close(held, 'expired');
    }
  }

  /** Ends all states. Resolves once they have ended. */
  async closeAll(reason: CloseReason): Promise<void> {
    for (const held of this.held.values()) this.close(held, reason);
    await Promise.all(this.closing.values());
  }

  private async useHeld<T>(agent: AgentOfTask, run: (state: unknown) => Promise<T>): Promise<T> {
    const known = this.held.get(agent.agent);
    if (known !== undefined && agent.home === 'cold') this.close(known, 'moved');
    await this.untilClosed(agent.agent);
    const held = this.held.get(agent.agent) ?? this.open(agent);
    held.fence = agent.fence;
    const using = held.state.then(run);
    held.idleSinceMs = Number.POSITIVE_INFINITY;
    held.use = using
      .catch(() => undefined)
      .finally(() => {
        held.idleSinceMs = performance.now();
      });
    return using;
  }

  /** As between two workers: an end that takes too long is not waited for, now or by what comes later. */
  private async untilClosed(agent: string): Promise<void> {
    const closing = this.closing.get(agent);
    if (closing === undefined || (await endsWithin(closing, this.handOffMs))) return;
    if (this.closing.get(agent) === closing) this.closing.delete(agent);
    this.onError(
      new Error(`onAgentClose of agent ${idOf(agent)} goes on after ${this.handOffMs} ms: its state is opened anew`),
    );
  }

  private open({ agent, fence }: AgentOfTask): Held {
    const state = (async () => this.hooks.onAgentOpen?.({ id: idOf(agent), fence }))();
    const held: Held = { agent, fence, state, use: Promise.resolve(), idleSinceMs: Number.POSITIVE_INFINITY };
    this.held.set(agent, held);
    state.catch(() => {
      if (this.held.get(agent) === held) this.held.delete(agent);
    });
    return held;
  }

  private close(held: Held, reason: CloseReason): void {
    this.held.delete(held.agent);
    const before = this.closing.get(held.agent);
    const closing = this.end(held, reason, before).finally(() => {
      if (this.closing.get(held.agent) === closing) this.closing.delete(held.agent);
    });
    this.closing.set(held.agent, closing);
  }

  private async end(held: Held, reason: CloseReason, before: Promise<void> | undefined): Promise<void> {
    await before;
    await held.use;
    try {
      const state = await held.state;
      await this.hooks.onAgentClose?.({ id: idOf(held.agent), fence: held.fence, state }, reason);
    } catch (error) {
      this.onError(error instanceof Error ? error : new Error(`onAgentClose threw ${String(error)}`));
    }
  }
}

function idOf(agent: string): string {
  return decodeAgentKey(agent) ?? agent;
}
