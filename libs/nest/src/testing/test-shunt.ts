import { randomUUID } from 'node:crypto';
import { type AgentHooks, type EnqueueOptions, type Handler, ShuntError, type TaskContext } from '@shunt/sdk';

/** A task that a test's application enqueued. */
export interface TestTask {
  readonly id: string;
  readonly task: string;
  readonly input: unknown;
  readonly options: EnqueueOptions;
  /** What its handler returned. @throws ShuntError TASK_FAILED, NO_WORKER when no class handles such tasks */
  result(): Promise<unknown>;
}

/**
 * A client without Redis: what is enqueued runs at once in this process, in order within an agent, one attempt, and is told in
 * `enqueued`. It has `enqueue`, `enqueueMany` and `task`.
 */
export class TestShunt {
  /** What was enqueued, in order. */
  readonly enqueued: TestTask[] = [];
  private handlers: Readonly<Record<string, Handler>> = {};
  private hooks: AgentHooks = {};
  private readonly states = new Map<string, unknown>();
  /** The end of each agent's last task. */
  private readonly tails = new Map<string, Promise<unknown>>();

  /** Takes what a worker of the pool would handle. */
  serve(handlers: Readonly<Record<string, Handler>>, hooks: AgentHooks): void {
    this.handlers = handlers;
    this.hooks = hooks;
  }

  async enqueue(task: string, input: unknown, options: EnqueueOptions = {}): Promise<TestTask> {
    const id = `${options.agentId ?? ''}~${options.id ?? randomUUID()}`;
    const known = this.enqueued.find((one) => one.id === id);
    if (known) return known;
    // As over Redis, a handler gets a copy.
    const copy: unknown = JSON.parse(JSON.stringify(input));
    const before = this.tails.get(options.agentId ?? id) ?? Promise.resolve();
    const ended = before.then(() => this.run(id, task, copy, options));
    this.tails.set(
      options.agentId ?? id,
      ended.catch(() => undefined),
    );
    const made: TestTask = { id, task, input: copy, options, result: () => ended };
    this.enqueued.push(made);
    return made;
  }

  async enqueueMany(items: readonly { task: string; input: unknown; options?: EnqueueOptions }[]) {
    return Promise.all(
      items.map(async ({ task, input, options }) => {
        return { ok: true as const, handle: await this.enqueue(task, input, options) };
      }),
    );
  }

  /** @throws ShuntError NOT_FOUND */
  task(id: string): TestTask {
    const known = this.enqueued.find((one) => one.id === id);
    if (known) return known;
    throw new ShuntError('NOT_FOUND', 'There is no such task');
  }

  /** Closes the states of agents, as a worker does that stops. */
  async close(): Promise<void> {
    await Promise.all(this.tails.values());
    const held = [...this.states];
    this.states.clear();
    for (const [id, state] of held) await this.hooks.onAgentClose?.({ id, fence: 1, state }, 'shutdown');
  }

  private async run(id: string, task: string, input: unknown, options: EnqueueOptions): Promise<unknown> {
    const handler = this.handlers[task];
    if (!handler) throw new ShuntError('NO_WORKER', `No class handles tasks of the name ${task}`);
    try {
      return await handler(input, await this.contextOf(id, task, options));
    } catch (error) {
      const { message } = error as Error;
      throw new ShuntError('TASK_FAILED', message, { details: { task: id }, cause: error });
    }
  }

  private async contextOf(id: string, name: string, { agentId, metadata = {} }: EnqueueOptions): Promise<TaskContext> {
    const home = agentId !== undefined && this.states.has(agentId) ? 'warm' : 'cold';
    if (agentId !== undefined && home === 'cold')
      this.states.set(agentId, await this.hooks.onAgentOpen?.({ id: agentId, fence: 1 }));
    return {
      task: { id, name, metadata },
      attempt: 1,
      agent: agentId === undefined ? null : { id: agentId, fence: 1, state: this.states.get(agentId), home },
      signal: new AbortController().signal,
      progress: async () => undefined,
      emit: async () => undefined,
      log: async () => undefined,
    };
  }
}
