import { isDeepStrictEqual } from 'node:util';
import { type JobSchedulerJson, type JobsOptions, Queue, type RepeatOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { NamedOrderer } from '../orderer.js';
import { runScript } from '../redis/script-runner.js';
import { encodeAgentId } from './task-id.js';

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

/**
 * The schedules of a pool, BullMQ's job schedulers, by a connection of its owner. Every call is safe to repeat. The journal tells what was
 * ordered once it is done; a process that ends in between leaves it untold.
 */
export class ScheduleStore {
  private readonly queue: Queue;

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
  ) {
    this.queue = queueOn(redis, keys);
  }

  /** Makes a schedule, or takes the place of the one of its id. One that is there as it is told makes no entry in the journal. */
  async upsert(
    { id, everyMs, cron, tz, task, data, options }: NewSchedule,
    orderer: NamedOrderer,
  ): Promise<ScheduleRecord> {
    const before = await this.get(id);
    const repeat =
      everyMs === undefined ? { pattern: cron ?? '', ...(tz === undefined ? {} : { tz }) } : { every: everyMs };
    await this.queue.upsertJobScheduler(id, repeat, { name: task, data, opts: options });
    const after = (await this.get(id)) as ScheduleRecord;
    if (isDeepStrictEqual(saysOf(before), saysOf(after))) return after;
    const { agentId } = data as { agentId?: string };
    const agent = agentId === undefined ? '' : encodeAgentId(agentId);
    await this.tell('scheduled', id, orderer, [task, cron ?? `every ${everyMs} ms`, agent]);
    return after;
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
  async remove(id: string, orderer: NamedOrderer): Promise<boolean> {
    const isGone = await this.queue.removeJobScheduler(id);
    if (isGone) await this.tell('unscheduled', id, orderer);
    return isGone;
  }

  private async tell(
    event: 'scheduled' | 'unscheduled',
    id: string,
    { nonce, by, reason = '' }: NamedOrderer,
    facts: readonly string[] = [],
  ): Promise<void> {
    const names = ['journal', `sent:${nonce}`].map(this.keys.of);
    await runScript(this.redis, 'schedule', names, [event, id, by, reason, ...facts]);
  }
}

/** What a schedule was told, without what it did since. */
function saysOf(record: ScheduleRecord | null) {
  if (record === null) return null;
  const { nextAt: _, firings: __, ...told } = record;
  return told;
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
