import type { Redis } from 'ioredis';
import { Packr } from 'msgpackr';
import type { PoolKeys } from './keys.js';
import type { TaskState } from './moves.js';
import { isFiring, scheduleNext } from './schedules.js';
import { runScript } from './script-runner.js';

/**
 * What a cancel met. `cancelled`: it has ended. `cancelling`: it runs, and its worker is told to abort it; it ends as
 * cancelled unless it completes in spite of that. The others changed nothing.
 */
export type CancelOutcome = 'cancelled' | 'cancelling' | 'waiting-children' | 'finished' | 'missing';

/** What a cancel would meet of a task in a state. */
export function cancelOutcomeOf(state: TaskState['state']): CancelOutcome {
  if (state === 'missing' || state === 'waiting-children') return state;
  if (state === 'completed' || state === 'failed') return 'finished';
  return state === 'running' ? 'cancelling' : 'cancelled';
}

/** Reasons of cancelled tasks, as BullMQ's `failedReason`; not what a handler would say. */
export const cancelledReason = 'cancelled before it started';
export const cancelledRunningReason = 'cancelled while it ran';

const packer = new Packr({ useRecords: false });
const finishKeys = [
  'wait',
  'cancelling',
  'prioritized',
  'events',
  'stalled',
  'limiter',
  'delayed',
  'paused',
  'meta',
  'pc',
];
/** A cancelled task stays readable as long as a failed one does by default: 7 days, 10,000 of them. */
const keepJobs = { age: 7 * 24 * 3600, count: 10_000 };

/** Ends a waiting or delayed task as failed, and lets its agent go on; has a running one aborted. Sent again with the same `nonce` it answers as before. */
export async function cancel(
  redis: Redis,
  keys: PoolKeys,
  task: string,
  sessionTtlMs: number,
  nonce: string,
): Promise<CancelOutcome> {
  return (await endWaiting(redis, keys, task, { reason: cancelledReason, sessionTtlMs, nonce })) as CancelOutcome;
}

/** How a waiting task is to end. */
export interface Ending {
  /** Its `failedReason`. */
  readonly reason: string;
  readonly sessionTtlMs: number;
  readonly nonce: string;
  /** Whether its time to start is over: one that has started is left alone. Defaults to false. */
  readonly isExpiry?: boolean;
}

/** Ends a waiting or delayed task as failed for a reason. Resolves to what it met. The schedule of a firing goes on. */
export async function endWaiting(redis: Redis, keys: PoolKeys, task: string, ending: Ending): Promise<string> {
  if (isFiring(task)) await scheduleNext(redis, keys, task);
  const { reason, sessionTtlMs, nonce, isExpiry = false } = ending;
  const names = [...finishKeys, 'failed', task, 'metrics:failed', 'marker'].map(keys.of);
  const options = packer.pack({ token: '0', keepJobs, attempts: 0, maxMetricsSize: '' });
  const bull = [task, Date.now(), 'failedReason', reason, 'failed', 0, keys.prefix, options, ''];
  const own = [keys.prefix, sessionTtlMs, nonce, isExpiry ? '1' : ''];
  return (await runScript(redis, 'cancel', names, [...bull, ...own])) as string;
}
