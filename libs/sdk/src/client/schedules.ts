import { encodeAgentId, invalidInput, type ScheduleRecord, ScheduleStore } from '@shunt/lanes';
import { assertCron } from '../input/cron.js';
import { assertTaskName, idProblem } from '../input/ids.js';
import { assertEnqueueOptions, toJobOptions } from '../input/options.js';
import { assertOrderOptions, namedOrderer, type OrderOptions } from '../input/order-options.js';
import { assertPayload } from '../input/payload.js';
import { assertScheduleId, checkedTiming, type ScheduleOptions, type Timing } from '../input/schedule.js';
import { checkedInput, type KnownSchemas } from '../input/schemas.js';
import type { TaskMap } from '../task-map.js';
import type { Store } from './store.js';

/** A schedule: tasks that are made again and again. */
export interface Schedule {
  readonly id: string;
  readonly task: string;
  readonly agentId: string | null;
  readonly input: unknown;
  /** In ms; null for one by cron. */
  readonly everyMs: number | null;
  readonly cron: string | null;
  readonly tz: string | null;
  /** When its next task is due, or was if that still waits, in ms since 1970. */
  readonly nextAt: number;
  /** Tasks it made, the next one included. */
  readonly firings: number;
}

/** What inputs are held to. */
export interface InputLimits {
  readonly maxPayloadBytes: number;
  readonly schemas: KnownSchemas;
}

/** What the schedules need of their client. */
export interface SchedulesContext extends InputLimits {
  readonly store: Store;
  readonly timeoutMs: number;
}

/** Checks a schedule: when it is due, and its input as JSON. @throws ShuntError INVALID_INPUT or INVALID_TASK naming each bad field */
export function checkedSchedule(
  { maxPayloadBytes, schemas }: InputLimits,
  id: string,
  timing: Timing,
  task: string,
  input: unknown,
  options: ScheduleOptions,
) {
  assertScheduleId(id);
  assertTaskName(task);
  const due = checkedTiming(timing, options);
  assertEnqueueOptions(options);
  const json = assertPayload(input, maxPayloadBytes);
  checkedInput(schemas, task, input);
  // Refuses one that is too long once encoded.
  if (options.agentId !== undefined) encodeAgentId(options.agentId);
  return { due, json };
}

/** The schedules of a pool. The next task of one is made when a worker takes the one before, so that none pile up. Every call is safe to repeat. */
export class Schedules<Tasks extends TaskMap = TaskMap> {
  private schedules: ScheduleStore | undefined;

  constructor(private readonly context: SchedulesContext) {}

  /**
   * Makes a schedule, or takes the place of the one of its id: 1 to 64 plain characters. Its tasks go through the intake as all others.
   *
   * @throws ShuntError INVALID_INPUT or INVALID_TASK naming each bad field, STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  async upsert<Name extends keyof Tasks & string>(
    id: string,
    timing: Timing,
    task: Name,
    input: Tasks[Name]['input'],
    { by, reason, ...options }: ScheduleOptions & OrderOptions = {},
  ): Promise<Schedule> {
    assertOrderOptions({ by, reason });
    const { due, json } = checkedSchedule(this.context, id, timing, task, input, options);
    if (due.cron !== undefined) assertCron(due.cron);
    const orderer = namedOrderer({ by, reason });
    const { agentId } = options;
    const data = { ...(agentId === undefined ? {} : { agentId }), input: JSON.parse(json) };
    const schedule = { id, ...due, task, data, options: { ...toJobOptions(options), scheduled: true } };
    return shown(await this.call((schedules) => schedules.upsert(schedule, orderer)));
  }

  /** Schedules, soonest first, at most 1,000; also those that plain BullMQ made. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  async list(): Promise<Schedule[]> {
    return (await this.call((schedules) => schedules.list())).map(shown);
  }

  /** Ends a schedule; a task of it that is due already still runs. Resolves to whether it was there. @throws ShuntError INVALID_INPUT naming id, by or reason, STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  async remove(id: string, options: OrderOptions = {}): Promise<boolean> {
    const message = idProblem(id);
    if (message !== null) throw invalidInput([{ field: 'id', message }]);
    assertOrderOptions(options);
    const orderer = namedOrderer(options);
    return this.call((schedules) => schedules.remove(id, orderer));
  }

  private call<T>(act: (schedules: ScheduleStore) => Promise<T>): Promise<T> {
    const { store, timeoutMs } = this.context;
    return store.call(performance.now() + timeoutMs, (redis) => {
      this.schedules ??= new ScheduleStore(redis, store.keys);
      return act(this.schedules);
    });
  }
}

function shown({ id, task, data, options, everyMs, cron, tz, nextAt, firings }: ScheduleRecord): Schedule {
  const { agentId, input } = (data ?? {}) as { agentId?: string; input?: unknown };
  const isOurs = 'scheduled' in options;
  return {
    id,
    task,
    agentId: agentId ?? null,
    input: isOurs ? input : data,
    everyMs: everyMs ?? null,
    cron: cron ?? null,
    tz: tz ?? null,
    nextAt,
    firings,
  };
}
