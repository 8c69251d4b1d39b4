import {
  type AgentRecord,
  type EnqueueOutcome,
  encodeAgentId,
  encodeIdPart,
  enqueueBatch,
  invalidTask,
  listTasks,
  makeTaskId,
  type NewTask,
  readAgent,
  ShuntError,
  type TaskPage,
  uniqueParts,
} from '@shunt/lanes';
import type { EnqueueOptions } from '../input/enqueue-options.js';
import { assertAgentId, assertTaskId, assertTaskName } from '../input/ids.js';
import { assertItem } from '../input/item.js';
import { assertListTasksOptions } from '../input/list-options.js';
import { assertEnqueueOptions, toJobOptions } from '../input/options.js';
import { assertPayload } from '../input/payload.js';
import { checkedInput, type KnownSchemas } from '../input/schemas.js';
import { Endings } from '../task/endings.js';
import { type HandleContext, TaskHandle } from '../task/task-handle.js';
import type { ItemOf, TaskMap } from '../task-map.js';
import { tracedEnqueue } from '../tracing.js';
import { Agents } from './agents.js';
import { Alerts } from './alerts.js';
import { Batcher } from './batcher.js';
import { type ConnectOptions, connectSettings } from './connect-options.js';
import { Pool } from './pool.js';
import { Schedules } from './schedules.js';
import type { EnqueueResult, ListTasksOptions, ShuntClient } from './shunt-client.js';
import { Store } from './store.js';
import { StreamFeed } from './stream-feed.js';
import { ofTask } from './unknown-outcome.js';
import { Workers } from './workers.js';

/** A task's outcome, and the last event of the pool before it. */
interface Enqueued extends EnqueueOutcome {
  readonly lastEventId: string;
}

/** A pool's client: enqueues tasks and follows them. One per process and pool is enough. */
export class Shunt<Tasks extends TaskMap = TaskMap> implements ShuntClient<Tasks> {
  /** The pool's configuration: see it, change it, follow it. */
  readonly pool: Pool;
  readonly workers: Workers;
  /** What is wrong with the pool. */
  readonly alerts: Alerts;
  /** What an operator may do with single agents. */
  readonly agents: Agents;
  readonly schedules: Schedules<Tasks>;
  private readonly store: Store;
  private readonly batcher: Batcher<NewTask, Enqueued>;
  private readonly endings: Endings;
  private readonly events: StreamFeed;
  private readonly journal: StreamFeed;
  private readonly context: HandleContext;
  private readonly maxPayloadBytes: number;
  private readonly schemas: KnownSchemas;
  private readonly poolName: string;
  private readonly nextUnique = uniqueParts();

  constructor(options: ConnectOptions<Tasks> = {}) {
    const { redis, pool, prefix, timeoutMs, sessionTtlMs, maxPayloadBytes, schemas } = connectSettings(options);
    this.schemas = schemas;
    this.poolName = pool;
    this.maxPayloadBytes = maxPayloadBytes;
    this.store = new Store(redis, pool, prefix);
    this.journal = new StreamFeed(this.store, this.store.keys.of('journal'));
    this.events = new StreamFeed(this.store, this.store.keys.of('events'));
    this.pool = new Pool(this.store, timeoutMs, this.journal);
    this.workers = new Workers(this.store, timeoutMs);
    this.alerts = new Alerts(this.store, timeoutMs);
    this.batcher = new Batcher((tasks, deadlineMs) => this.sendBatch(tasks, deadlineMs), timeoutMs);
    this.endings = new Endings(this.store);
    this.context = { store: this.store, endings: this.endings, events: this.events, timeoutMs, sessionTtlMs };
    this.agents = new Agents(this.context);
    this.schedules = new Schedules({ store: this.store, timeoutMs, maxPayloadBytes, schemas });
  }

  /**
   * Adds a task and takes it to its agent, in one round trip with the other calls of the tick. Resolves once Redis has it.
   *
   * @throws ShuntError INVALID_TASK, INVALID_INPUT of its schema or PAYLOAD_TOO_LARGE naming the field, CONFLICT for an id that another task has,
   * POOL_FULL with `details.retryAfterMs`, STORE_UNAVAILABLE, or DEADLINE_EXCEEDED with `details.task`: the task may be there
   */
  async enqueue<Name extends keyof Tasks & string>(
    task: Name,
    input: Tasks[Name]['input'],
    options: EnqueueOptions = {},
  ): Promise<TaskHandle<Tasks[Name]['output']>> {
    return this.send(this.prepare(task, input, options));
  }

  /**
   * Adds many tasks, in order. Never throws for a single item: each has its own result, at its index.
   *
   * @throws ShuntError INVALID_TASK when it is given no array
   */
  async enqueueMany(items: readonly ItemOf<Tasks>[]): Promise<EnqueueResult[]> {
    if (!Array.isArray(items)) throw invalidTask([{ field: 'items', message: 'must be an array' }]);
    return Promise.all(
      Array.from(items, async (item): Promise<EnqueueResult> => {
        try {
          assertItem(item);
          const { task, input, options = {} } = item;
          return { ok: true, handle: await this.send(this.prepare(task, input, options)) };
        } catch (error) {
          if (error instanceof ShuntError) return { ok: false, error };
          throw error;
        }
      }),
    );
  }

  /** The handle of a task enqueued earlier or elsewhere, by its id. @throws ShuntError INVALID_TASK naming id */
  task(id: string): TaskHandle {
    assertTaskId(id);
    return new TaskHandle(this.context, id, false, '0-0');
  }

  /**
   * Lists tasks: those that wait oldest first, those that ended newest first. A task that stays where it is comes exactly once. A page
   * may be empty and yet not the last one: go on until its cursor is null.
   *
   * @throws ShuntError INVALID_INPUT naming the field, STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  async listTasks(options: ListTasksOptions = {}): Promise<TaskPage> {
    assertListTasksOptions(options);
    const { agentId, state, worker, limit = 50, cursor } = options;
    const { store, timeoutMs } = this.context;
    const agent = agentId === undefined ? undefined : encodeAgentId(agentId);
    return store.call(performance.now() + timeoutMs, (redis) =>
      listTasks(redis, store.keys, { agent, state, worker }, limit, cursor),
    );
  }

  /** An agent as the pool knows it, null for one it knows nothing of. @throws ShuntError INVALID_TASK naming agentId, STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  async agent(agentId: string): Promise<AgentRecord | null> {
    const { store, timeoutMs } = this.context;
    assertAgentId(agentId);
    const key = encodeAgentId(agentId);
    return store.call(performance.now() + timeoutMs, (redis) => readAgent(redis, store.keys, key));
  }

  /** Ends the connections. Calls under way fail. */
  close(): void {
    this.endings.close();
    this.events.close();
    this.journal.close();
    this.store.close();
  }

  private prepare(name: string, input: unknown, options: EnqueueOptions): NewTask {
    assertTaskName(name);
    assertEnqueueOptions(options);
    const data = assertPayload(input, this.maxPayloadBytes);
    checkedInput(this.schemas, name, input);
    const agentKey = options.agentId === undefined ? '' : encodeAgentId(options.agentId);
    const unique = options.id === undefined ? this.nextUnique() : encodeIdPart(options.id, 'id');
    return { id: makeTaskId(agentKey, unique), name, data, options: toJobOptions(options) };
  }

  private async send<Result>(task: NewTask): Promise<TaskHandle<Result>> {
    const { outcome, id, lastEventId } = await tracedEnqueue(this.poolName, task, (metadata) =>
      this.batcher.add(
        metadata === undefined ? task : { ...task, options: { ...task.options, telemetry: { metadata } } },
      ),
    ).catch((error) => {
      throw ofTask(error, task.id);
    });
    if (outcome === 'conflict') {
      throw new ShuntError('CONFLICT', `Task ${id} exists with another name or input; use a new id`);
    }
    if (outcome === 'refused') throw invalidTask([{ field: 'labels', message: id.replace(/^labels /, '') }]);
    return new TaskHandle<Result>(this.context, id, outcome !== 'added', lastEventId);
  }

  /** A batch that fails on the way is sent again under the same nonce. */
  private async sendBatch(tasks: readonly NewTask[], deadlineMs: number): Promise<Enqueued[]> {
    const nonce = crypto.randomUUID();
    const { outcomes, lastEventId } = await this.store.call(deadlineMs, (redis) =>
      enqueueBatch(redis, this.store.keys, nonce, tasks),
    );
    return outcomes.map((outcome) => ({ ...outcome, lastEventId }));
  }
}
