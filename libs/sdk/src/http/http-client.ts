import { encodeAgentId, encodeIdPart, invalidTask, makeTaskId, ShuntError, type TaskPage } from '@shunt/lanes';
import { Batcher } from '../client/batcher.js';
import type { EnqueueResult, ListTasksOptions, ShuntClient, TaskFollower } from '../client/shunt-client.js';
import { ofTask } from '../client/unknown-outcome.js';
import type { EnqueueOptions } from '../input/enqueue-options.js';
import { assertTaskId, assertTaskName } from '../input/ids.js';
import { assertItem } from '../input/item.js';
import { assertListTasksOptions } from '../input/list-options.js';
import { assertEnqueueOptions } from '../input/options.js';
import { assertPayload } from '../input/payload.js';
import { checkedInput } from '../input/schemas.js';
import type { ItemOf, TaskMap } from '../task-map.js';
import { tracedEnqueue } from '../tracing.js';
import { Api } from './api.js';
import { HttpTaskHandle } from './http-handle.js';
import { type HttpConnectOptions, httpSettings } from './http-options.js';
import { type Ask, askBy, httpAgents, httpAlerts, httpPool, httpWorkers } from './http-orders.js';
import { httpSchedules } from './http-schedules.js';
import { errorOf } from './problem.js';

/** A task as it is sent: an item of a bulk request, as JSON. */
interface Item {
  readonly data: string;
}

/** What a dispatcher says of an item. */
type Told =
  | { readonly ok: true; readonly id: string; readonly deduplicated: boolean }
  | { readonly ok: false; readonly problem: { readonly status: number } };

/** A pool's client over HTTP: each call is as that of `Shunt`. */
export class HttpShunt<Tasks extends TaskMap = TaskMap> implements ShuntClient<Tasks> {
  readonly agents: ShuntClient['agents'];
  readonly alerts: ShuntClient['alerts'];
  readonly workers: ShuntClient['workers'];
  readonly pool: ShuntClient['pool'];
  readonly schedules: ShuntClient<Tasks>['schedules'];
  private readonly api: Api;
  private readonly ask: Ask;
  private readonly batcher: Batcher<Item, Told>;
  private readonly settings;

  constructor(options: HttpConnectOptions<Tasks>) {
    const { apiKey, ...settings } = httpSettings(options as HttpConnectOptions);
    this.settings = settings;
    const { address, pool, timeoutMs } = settings;
    this.api = new Api(address, apiKey);
    this.ask = askBy(this.api, timeoutMs);
    this.agents = httpAgents(this.ask);
    this.alerts = httpAlerts(this.ask);
    this.workers = httpWorkers(this.ask);
    this.pool = httpPool(this.ask, pool);
    this.schedules = httpSchedules<Tasks>(this.ask, this.settings);
    this.batcher = new Batcher((items, deadlineMs) => this.sendBatch(items, deadlineMs), timeoutMs);
  }

  async enqueue<Name extends keyof Tasks & string>(
    task: Name,
    input: Tasks[Name]['input'],
    options: EnqueueOptions = {},
  ): Promise<TaskFollower<Tasks[Name]['output']>> {
    return this.send(task, input, options);
  }

  async enqueueMany(items: readonly ItemOf<Tasks>[]): Promise<EnqueueResult<TaskFollower>[]> {
    if (!Array.isArray(items)) throw invalidTask([{ field: 'items', message: 'must be an array' }]);
    return Promise.all(
      Array.from(items, async (item): Promise<EnqueueResult<TaskFollower>> => {
        try {
          assertItem(item);
          const { task, input, options = {} } = item;
          return { ok: true, handle: await this.send(task, input, options) };
        } catch (error) {
          if (error instanceof ShuntError) return { ok: false, error };
          throw error;
        }
      }),
    );
  }

  task(id: string): TaskFollower {
    assertTaskId(id);
    return new HttpTaskHandle(this.api, this.settings.timeoutMs, id, false);
  }

  async listTasks(options: ListTasksOptions = {}): Promise<TaskPage> {
    assertListTasksOptions(options);
    const { agentId, state, worker, limit, cursor } = options;
    return this.ask({ path: '/tasks', query: { agent: agentId, state, worker, limit, cursor } });
  }

  close(): void {
    this.api.close();
  }

  private async send<Result>(task: string, input: unknown, options: EnqueueOptions): Promise<TaskFollower<Result>> {
    assertTaskName(task);
    assertEnqueueOptions(options);
    const json = assertPayload(input, this.settings.maxPayloadBytes);
    checkedInput(this.settings.schemas, task, input);
    // As by Redis: what is too long once encoded is refused.
    const agentKey = options.agentId === undefined ? '' : encodeAgentId(options.agentId);
    // A request that is sent again must make no second task.
    const own = { ...options, id: options.id ?? crypto.randomUUID() };
    const id = makeTaskId(agentKey, encodeIdPart(own.id, 'id'));
    const data = `"task":${JSON.stringify(task)},"input":${json},"options":${JSON.stringify(own)}`;
    const told = await tracedEnqueue(this.settings.pool, { id, name: task }, async (trace) => {
      const answer = await this.batcher.add({ data: `{${data}${trace === undefined ? '' : `,"trace":${trace}`}}` });
      if (!answer.ok) throw errorOf(answer.problem.status, answer.problem);
      return answer;
    }).catch((error) => {
      throw ofTask(error, id);
    });
    const isKnown = told.deduplicated && (options.id !== undefined || options.dedup !== undefined);
    return new HttpTaskHandle<Result>(this.api, this.settings.timeoutMs, told.id, isKnown);
  }

  private async sendBatch(items: readonly Item[], deadlineMs: number): Promise<Told[]> {
    const json = `{"tasks":[${items.map(({ data }) => data).join(',')}]}`;
    const request = { method: 'POST', path: '/tasks/bulk', json } as const;
    return (await this.api.call<{ results: Told[] }>(deadlineMs, request)).results;
  }
}
