import type { ShuntError, TaskFilter, TaskPage, WorkerStats } from '@shunt/lanes';
import type { EnqueueOptions } from '../input/enqueue-options.js';
import type { TaskHandle } from '../task/task-handle.js';
import type { ItemOf, TaskMap } from '../task-map.js';
import type { Agents } from './agents.js';
import type { Alerts } from './alerts.js';
import type { Pool } from './pool.js';
import type { Schedules } from './schedules.js';
import type { Workers } from './workers.js';

/** One task, by its id, over any transport. */
export type TaskFollower<Result = unknown> = Pick<
  TaskHandle<Result>,
  | 'id'
  | 'deduplicated'
  | 'status'
  | 'result'
  | 'ended'
  | 'cancel'
  | 'cancelPlan'
  | 'explain'
  | 'retry'
  | 'retryPlan'
  | 'events'
>;

/** Which tasks are listed, and how many at once. */
export interface ListTasksOptions extends Omit<TaskFilter, 'agent'> {
  /** The agent's waiting, running and ended tasks. */
  readonly agentId?: string | undefined;
  /** Most tasks of a page. Defaults to 50. */
  readonly limit?: number | undefined;
  /** Of the page before. Defaults to the beginning. */
  readonly cursor?: string | undefined;
}

/** What became of one item of `enqueueMany`. */
export type EnqueueResult<Handle extends TaskFollower = TaskHandle> =
  | { readonly ok: true; readonly handle: Handle }
  | { readonly ok: false; readonly error: ShuntError };

/** A worker as every transport tells it. */
export type WorkerSummary = Pick<
  WorkerStats,
  | 'id'
  | 'isRoutable'
  | 'isDrained'
  | 'breaker'
  | 'slots'
  | 'running'
  | 'waiting'
  | 'weight'
  | 'zone'
  | 'labels'
  | 'host'
  | 'pid'
  | 'leaseUntilMs'
>;

/** The workers of a pool, over any transport. */
export interface WorkersClient
  extends Pick<Workers, 'drainPlan' | 'drain' | 'undrain' | 'evictPlan' | 'evict' | 'setBreaker' | 'breakerPlan'> {
  list(): Promise<WorkerSummary[]>;
  /** @throws ShuntError NOT_FOUND */
  get(id: string): Promise<WorkerSummary>;
}

/** What a client does over any transport: by Redis, or by a dispatcher's HTTP API. Each call is as `Shunt` has it. */
export interface ShuntClient<Tasks extends TaskMap = TaskMap> {
  readonly agents: Pick<Agents, keyof Agents>;
  readonly workers: WorkersClient;
  readonly alerts: Pick<Alerts, keyof Alerts>;
  readonly pool: Pick<Pool, 'getConfig' | 'setConfig' | 'configPlan' | 'scale' | 'scalePlan' | 'setScale'>;
  readonly schedules: Pick<Schedules<Tasks>, keyof Schedules<Tasks>>;
  enqueue<Name extends keyof Tasks & string>(
    task: Name,
    input: Tasks[Name]['input'],
    options?: EnqueueOptions,
  ): Promise<TaskFollower<Tasks[Name]['output']>>;
  enqueueMany(items: readonly ItemOf<Tasks>[]): Promise<EnqueueResult<TaskFollower>[]>;
  task(id: string): TaskFollower;
  listTasks(options?: ListTasksOptions): Promise<TaskPage>;
  close(): void;
}
