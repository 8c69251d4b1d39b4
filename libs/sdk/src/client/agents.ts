import { type Duration, duration, durationMs, problemsOf } from '@shunt/input';
import {
  type AgentPage,
  type AgentStatus as AgentStatusByKey,
  agentStatus,
  encodeAgentId,
  invalidTask,
  listAgents,
  mayReceive,
  type PinOrder,
  pauseAgent,
  pinAgent,
  releaseAgent,
  resumeAgent,
  unpinAgent,
} from '@shunt/lanes';
import { z } from 'zod';
import { assertAgentId, assertWorkerId } from '../input/ids.js';
import { assertListAgentsOptions } from '../input/list-options.js';
import { assertOrderOptions, namedOrderer, type OrderOptions, orderFields } from '../input/order-options.js';
import { type AgentOrder, agentPlan, assertOrder } from '../plans/agent-plan.js';
import type { HandleContext } from '../task/task-handle.js';

/** Where an agent is and what it does, with its id. */
export interface AgentStatus extends AgentStatusByKey {
  readonly id: string;
}

/** How a pin is meant. */
export interface PinOptions extends OrderOptions {
  /** How long it lasts, at least 1 ms. Defaults to until `unpin`. */
  readonly ttl?: Duration | undefined;
  /** Whether other workers may run the agent while that one takes nothing. Defaults to false: its tasks wait. */
  readonly soft?: boolean | undefined;
}

const pinSchema = z.strictObject({
  ttl: duration({ minMs: 1 }).optional(),
  soft: z.boolean('must be true or false').optional(),
  ...orderFields,
});

/** Which agents are listed, and about how many at once. */
export interface ListAgentsOptions {
  /** Those that are bound to a worker. */
  readonly worker?: string | undefined;
  /** Defaults to 50. */
  readonly limit?: number | undefined;
  /** Of the page before. Defaults to the beginning. */
  readonly cursor?: string | undefined;
}

/** What an operator may do with single agents of a pool. Every call is safe to repeat. */
export class Agents {
  constructor(private readonly context: Pick<HandleContext, 'store' | 'timeoutMs' | 'sessionTtlMs'>) {}

  /** Where an agent is and what it does; one that nobody knows has no home and no tasks. @throws ShuntError INVALID_TASK naming agentId */
  async get(id: string): Promise<AgentStatus> {
    const agent = keyOf(id);
    const { store } = this.context;
    const status = await store.call(this.deadline(), (redis) => agentStatus(redis, store.keys, agent));
    return { id, ...status };
  }

  /**
   * Lists the agents that the pool knows, in no order: those with a home, tasks, a pin or a pause. One that stays known comes at least once. A page
   * may be empty and yet not the last one: go on until its cursor is null.
   *
   * @throws ShuntError INVALID_INPUT naming the field, STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  async list(options: ListAgentsOptions = {}): Promise<AgentPage> {
    assertListAgentsOptions(options);
    const { worker, limit = 50, cursor } = options;
    const { store } = this.context;
    return store.call(this.deadline(), (redis) => listAgents(redis, store.keys, worker, limit, cursor));
  }

  /**
   * Has an agent's tasks go to one worker and no other. One that waits goes there at once, one that runs ends where it is. A
   * later pin takes the place of an earlier one.
   *
   * @throws ShuntError NOT_FOUND for a worker nobody knows, CONFLICT when a waiting task requires a label it lacks,
   * INVALID_TASK naming agentId, worker or an option
   */
  async pin(id: string, worker: string, options: PinOptions = {}): Promise<void> {
    await this.send(id, pinOrder(worker, options), options);
  }

  /**
   * Has an agent go to a worker with its next task, or with the one that waits, and be free to move after that. Takes the place
   * of a pin, and is forgotten when no task comes for a session TTL.
   *
   * @throws ShuntError as `pin` does
   */
  async move(id: string, worker: string, options: OrderOptions = {}): Promise<void> {
    assertOrderOptions(options, invalidTask);
    await this.send(id, { worker, kind: 'once', ttlMs: this.context.sessionTtlMs }, options);
  }

  /** Lets an agent's tasks go anywhere again. Resolves to whether it was pinned. @throws ShuntError INVALID_TASK naming agentId, by or reason */
  async unpin(id: string, options: OrderOptions = {}): Promise<boolean> {
    const [agent, order] = [keyOf(id), orderOf(options)];
    const { store, sessionTtlMs } = this.context;
    return store.call(this.deadline(), (redis) => unpinAgent(redis, store.keys, agent, sessionTtlMs, order));
  }

  /**
   * Takes an agent from its home, which closes its state with the reason `released`. A task that waits goes to the yard, one
   * that runs ends first. Resolves to whether it had a home.
   *
   * @throws ShuntError INVALID_TASK naming agentId, by or reason
   */
  async release(id: string, options: OrderOptions = {}): Promise<boolean> {
    const [agent, order] = [keyOf(id), orderOf(options)];
    const { store } = this.context;
    return store.call(this.deadline(), (redis) => releaseAgent(redis, store.keys, agent, order));
  }

  /**
   * Has an agent's tasks wait, in order, also those that come, until it is resumed. One that runs ends first; a retry of it waits. The
   * agent keeps its home as an idle one does. Resolves to false when it was paused already.
   *
   * @throws ShuntError INVALID_TASK naming agentId, by or reason
   */
  async pause(id: string, options: OrderOptions = {}): Promise<boolean> {
    const [agent, order] = [keyOf(id), orderOf(options)];
    const { store } = this.context;
    return store.call(this.deadline(), (redis) => pauseAgent(redis, store.keys, agent, order));
  }

  /** Lets a paused agent's tasks go on at once. Resolves to whether it was paused. @throws ShuntError INVALID_TASK naming agentId, by or reason */
  async resume(id: string, options: OrderOptions = {}): Promise<boolean> {
    const [agent, order] = [keyOf(id), orderOf(options)];
    const { store, sessionTtlMs } = this.context;
    return store.call(this.deadline(), (redis) => resumeAgent(redis, store.keys, agent, sessionTtlMs, order));
  }

  /** What an order would do, in a few words. Changes nothing. @throws ShuntError as the order itself, INVALID_TASK naming order */
  async plan(id: string, order: AgentOrder): Promise<string> {
    assertOrder(order);
    if (order.order === 'pin')
      await this.send(id, pinOrder(order.worker, { ttl: order.ttl, soft: order.soft }), {}, true);
    if (order.order === 'move') await this.send(id, { worker: order.worker, kind: 'once', ttlMs: null }, {}, true);
    const { store } = this.context;
    const agent = await this.get(id);
    if (!('worker' in order)) return agentPlan(order, { agent, isRoutable: true });
    const isRoutable = await store.call(this.deadline(), (redis) => mayReceive(redis, store.keys, order.worker));
    return agentPlan(order, { agent, isRoutable });
  }

  private async send(id: string, pin: Pin, options: OrderOptions, isDryRun = false): Promise<void> {
    const agent = keyOf(id);
    assertWorkerId(pin.worker);
    const { store, sessionTtlMs } = this.context;
    const order = { ...pin, ...namedOrderer(options), sessionTtlMs, isDryRun };
    await store.call(this.deadline(), (redis) => pinAgent(redis, store.keys, agent, order));
  }

  private deadline(): number {
    return performance.now() + this.context.timeoutMs;
  }
}

type Pin = Pick<PinOrder, 'worker' | 'kind' | 'ttlMs'>;

/** @throws ShuntError INVALID_TASK naming an option */
function pinOrder(worker: string, options: PinOptions): Pin {
  const problems = problemsOf(pinSchema, options, 'options');
  if (problems.length > 0) throw invalidTask(problems);
  const { ttl, soft = false } = options;
  return { worker, kind: soft ? 'soft' : 'strict', ttlMs: ttl === undefined ? null : durationMs(ttl) };
}

/** @throws ShuntError INVALID_TASK naming by or reason */
function orderOf(options: OrderOptions) {
  assertOrderOptions(options, invalidTask);
  return namedOrderer(options);
}

function keyOf(id: string): string {
  assertAgentId(id);
  return encodeAgentId(id);
}
