import {
  encodeAgentId,
  encodeIdPart,
  makeTaskId,
  type NewTask,
  type RedisTarget,
  ShuntError,
  uniqueParts,
} from '@shunt/lanes';
import { Batcher } from './batcher.js';
import { Endings } from './endings.js';
import { type Duration, parseDuration } from './input/duration.js';
import type { EnqueueOptions } from './input/enqueue-options.js';
import { assertPoolName, assertTaskName } from './input/ids.js';
import { assertEnqueueOptions, toJobOptions } from './input/options.js';
import { assertPayload } from './input/payload.js';
import { Store } from './store.js';
import { type HandleContext, TaskHandle } from './task-handle.js';

/** Task names with their input and output, for a typed client: `{ plan: { input: Goal; output: Plan } }`. */
export type TaskMap = Record<string, { input: unknown; output: unknown }>;

/** How to reach a pool. */
export interface ConnectOptions {
  /** A URL or ioredis options. Defaults to `redis://127.0.0.1:6379`. */
  readonly redis?: RedisTarget;
  /** Defaults to `agents`. */
  readonly pool?: string;
  /** Key prefix of all pools. Defaults to `shunt`. */
  readonly prefix?: string;
  /** Deadline of every call, sending again included. Defaults to 5 s. */
  readonly timeout?: Duration;
  /** Largest payload in bytes of JSON, at most 1 MiB. Defaults to 256 KiB. */
  readonly maxPayloadBytes?: number;
  /** How long an idle agent keeps its home; as the pool's workers have it. Defaults to 15 min. */
  readonly sessionTtl?: Duration;
}

/** One task of `enqueueMany`. */
export interface EnqueueItem<Input = unknown> {
  readonly task: string;
  readonly input: Input;
  readonly options?: EnqueueOptions;
}

/** What became of one item of `enqueueMany`. */
export type EnqueueResult =
  | { readonly ok: true; readonly handle: TaskHandle }
  | { readonly ok: false; readonly error: ShuntError };

/** A pool's client: enqueues tasks and follows them. One per process and pool is enough. */
export class Shunt<Tasks extends TaskMap = TaskMap> {
  private readonly store: Store;
  private readonly batcher: Batcher;
  private readonly endings: Endings;
  private readonly context: HandleContext;
  private readonly payloadLimits: { maxBytes?: number };
  private readonly nextUnique = uniqueParts();

  constructor(options: ConnectOptions = {}) {
    const { redis = 'redis://127.0.0.1:6379', pool = 'agents', prefix, timeout = '5s', sessionTtl = '15m' } = options;
    assertPoolName(pool);
    const timeoutMs = parseDuration(timeout, 'timeout');
    const sessionTtlMs = parseDuration(sessionTtl, 'sessionTtl');
    this.payloadLimits = options.maxPayloadBytes === undefined ? {} : { maxBytes: options.maxPayloadBytes };
    assertPayload(null, this.payloadLimits);
    this.store = new Store(redis, pool, prefix);
    this.batcher = new Batcher(this.store, timeoutMs);
    this.endings = new Endings(this.store);
    this.context = { store: this.store, endings: this.endings, timeoutMs, sessionTtlMs };
  }

  /**
   * Adds a task and takes it to its agent, in one round trip with the other calls of the tick. Resolves once Redis has it.
   *
   * @throws ShuntError INVALID_TASK or PAYLOAD_TOO_LARGE naming the field, CONFLICT for an id that another task has,
   * STORE_UNAVAILABLE or DEADLINE_EXCEEDED
   */
  async enqueue<Name extends keyof Tasks & string>(
    task: Name,
    input: Tasks[Name]['input'],
    options: EnqueueOptions = {},
  ): Promise<TaskHandle<Tasks[Name]['output']>> {
    return this.send(this.prepare(task, input, options));
  }

  /** Adds many tasks, in order. Never throws for a single item: each has its own result, at its index. */
  async enqueueMany(items: readonly EnqueueItem[]): Promise<EnqueueResult[]> {
    return Promise.all(
      items.map(async (item): Promise<EnqueueResult> => {
        try {
          return { ok: true, handle: await this.send(this.prepare(item.task, item.input, item.options ?? {})) };
        } catch (error) {
          return { ok: false, error: asShuntError(error) };
        }
      }),
    );
  }

  /** The handle of a task enqueued earlier or elsewhere, by its id. */
  task(id: string): TaskHandle {
    return new TaskHandle(this.context, id, false, '0-0');
  }

  /** Ends the connections. Calls under way fail. */
  close(): void {
    this.endings.close();
    this.store.close();
  }

  private prepare(name: string, input: unknown, options: EnqueueOptions): NewTask {
    assertTaskName(name);
    assertEnqueueOptions(options);
    const data = assertPayload(input, this.payloadLimits);
    const agentKey = options.agentId === undefined ? '' : encodeAgentId(options.agentId);
    const unique = options.id === undefined ? this.nextUnique() : encodeIdPart(options.id, 'id');
    return { id: makeTaskId(agentKey, unique), name, data, options: toJobOptions(options) };
  }

  private async send<Result>(task: NewTask): Promise<TaskHandle<Result>> {
    const { outcome, id, lastEventId } = await this.batcher.add(task);
    if (outcome === 'conflict') {
      throw new ShuntError('CONFLICT', `Task ${id} exists with another name or input; use a new id`);
    }
    return new TaskHandle<Result>(this.context, id, outcome === 'added', lastEventId);
  }
}

/** Opens a client of a pool. Connects in the background; the first call waits for it up to its deadline. */
export function connect<Tasks extends TaskMap = TaskMap>(options: ConnectOptions = {}): Shunt<Tasks> {
  return new Shunt<Tasks>(options);
}

function asShuntError(error: unknown): ShuntError {
  if (error instanceof ShuntError) return error;
  return new ShuntError('STORE_UNAVAILABLE', error instanceof Error ? error.message : String(error), { cause: error });
}
