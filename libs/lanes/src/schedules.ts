import { type JobSchedulerJson, type JobsOptions, Queue, type RepeatOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';

/** A schedule to be made, checked: exactly one of `everyMs` and `cron`. */
export interface NewSchedule {
  readonly id: string;
  readonly everyMs?: number | undefined;
  readonly cron?: string | undefined;
  readonly tz?: string | undefined;
  /** Name of the tasks it makes. */
  readonly task: string;
  readonly data: unknown;
  readonly options: JobsOptions;
}

/** A schedule as the pool knows it. */
export interface ScheduleRecord extends NewSchedule {
  /** When its next task is due, or was if that still waits, in ms since 1970. */
  readonly nextAt: number;
  /** Tasks it made. */
  readonly firings: number;
}

/** Most schedules that are listed. */
const maxListed = 1000;

/** The schedules of a pool, BullMQ's job schedulers, by a connection of its owner. Every call is safe to repeat. */
export class ScheduleStore {
  private readonly queue: Queue;

  constructor(redis: Redis, keys: PoolKeys) {
    this.queue = queueOn(redis, keys);
  }

  /** Makes a schedule, or takes the place of the one of its id. */
  async upsert({ id, everyMs, cron, tz, task, data, options }: NewSchedule): Promise<ScheduleRecord> {
    const repeat =
      everyMs === undefined ? { pattern: cron ?? '', ...(tz === undefined ? {} : { tz }) } : { every: everyMs };
    await this.queue.upsertJobScheduler(id, repeat, { name: task, data, opts: options });
    return (await this.get(id)) as ScheduleRecord;
  }

  /** One schedule, null for none. */
  async get(id: string): Promise<ScheduleRecord | null> {
    const found = await this.queue.getJobScheduler(id);
    return found ? recordOf(found) : null;
  }

  /** Schedules, soonest first, at most 1,000. */
  async list(): Promise<ScheduleRecord[]> {
    return (await this.queue.getJobSchedulers(0, maxListed - 1, true)).map(recordOf);
  }

  /** Ends a schedule; a task of it that is due already still runs. Resolves to whether it was there. */
  remove(id: string): Promise<boolean> {
    return this.queue.removeJobScheduler(id);
  }
}

const firing = /^repeat:.+:\d+$/s;

/** Whether a task was made by a schedule, by its id. */
export const isFiring = (task: string): boolean => firing.test(task);

/**
 * Has a schedule make its next task, unless it has. A worker does that when it takes a task of the schedule, so it must be done for one
 * that no worker will take: the schedule would end with it.
 */
export async function scheduleNext(redis: Redis, keys: PoolKeys, task: string): Promise<void> {
  const queue = queueOn(redis, keys);
  try {
    const job = await queue.getJob(task);
    const repeat = (job?.opts as { repeat?: RepeatOptions } | undefined)?.repeat;
    if (!job?.repeatJobKey || !repeat) return;
    const { repeatJobKey, name, data, opts } = job;
    const schedulers = await queue.jobScheduler;
    await schedulers.upsertJobScheduler(repeatJobKey, repeat, name, data, opts, { override: false, producerId: task });
  } finally {
    await queue.close();
  }
}

/** BullMQ on a connection that stays its owner's. */
function queueOn(redis: Redis, keys: PoolKeys): Queue {
  const { name, prefix } = keys.queue;
  const connection = redis as never;
  const queue = new Queue(name, { prefix, connection, skipMetasUpdate: true, skipVersionCheck: true });
  // Whoever calls it meets the same error.
  queue.on('error', () => undefined);
  return queue;
}

function recordOf(found: JobSchedulerJson): ScheduleRecord {
  const { key, name, every, pattern, tz, template, next, iterationCount } = found;
  return {
    id: key,
    everyMs: every,
    cron: pattern,
    tz,
    task: name,
    data: template?.data,
    options: template?.opts ?? {},
    nextAt: next ?? 0,
    firings: iterationCount ?? 0,
  };
}
