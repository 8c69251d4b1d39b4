import type { Redis } from 'ioredis';
import { Packr } from 'msgpackr';
import type { PoolKeys } from '../keys.js';
import type { TaskState } from '../moves.js';
import type { Orderer } from '../orderer.js';
import { runScript } from '../redis/script-runner.js';
import { isFiring, scheduleNext } from './schedules.js';

/**
 * What a cancel met. `cancelled`: it has ended. `cancelling`: it runs, and its worker is told to abort it; it ends as
 * cancelled unless it completes in spite of that. The others changed nothing.
 */
export type CancelOutcome = 'cancelled' | 'cancelling' | 'waiting-children' | 'finished' | 'missing';

/** How a task is cancelled. */
export interface CancelOptions {
  /** Who asks, as the journal tells it, 1 to 100 characters. Defaults to `sdk`; over HTTP it is the name of the API key. */
  readonly by?: string | undefined;
  /** Why, behind what its `failedReason` says by itself, and in the journal. */
  readonly reason?: string | undefined;
  /**
   * Ends a running task at once, whether or not its handler heeds its signal. Its slot and its agent stay taken until the handler has
   * ended, whose outcome counts for nothing. Defaults to false.
   */
  readonly force?: boolean | undefined;
}

/** What a cancel would meet of a task in a state. */
export function cancelOutcomeOf(state: TaskState['state'], { force = false }: CancelOptions = {}): CancelOutcome {
  if (state === 'missing' || state === 'waiting-children') return state;
  if (state === 'completed' || state === 'failed') return 'finished';
  return state === 'running' && !force ? 'cancelling' : 'cancelled';
}

/** How the `failedReason` of a cancelled task begins; not what a handler would say. */
export const cancelledReason = 'cancelled before it started';
export const cancelledRunningReason = 'cancelled while it ran';

/** Whether a task failed because it was cancelled, by its `failedReason`. */
export function isCancelled(failedReason: string): boolean {
  return [cancelledReason, cancelledRunningReason].some(
    (one) => failedReason === one || failedReason.startsWith(`${one}: `),
  );
}

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

/** Ends a waiting or delayed task as failed, and lets its agent go on; has a running one aborted, or ended by force. Sent again with the same `nonce` it answers as before. */
export async function cancel(
  redis: Redis,
  keys: PoolKeys,
  task: string,
  sessionTtlMs: number,
  nonce: string,
  { by = 'sdk', reason, force = false }: CancelOptions = {},
): Promise<CancelOutcome> {
  const because = reason ? `: ${reason}` : '';
  const running = { reason: cancelledRunningReason + because, isForced: force };
  const ending = { reason: cancelledReason + because, sessionTtlMs, nonce, running, orderer: { by, reason } };
  return (await endWaiting(redis, keys, task, ending)) as CancelOutcome;
}

/** How a waiting task is to end. */
export interface Ending {
  /** Its `failedReason`. */
  readonly reason: string;
  readonly sessionTtlMs: number;
  readonly nonce: string;
  /** Whether its time to start is over: one that has started is left alone. Defaults to false. */
  readonly isExpiry?: boolean;
  /** How one that runs is to end, without expiry. */
  readonly running?: { readonly reason: string; readonly isForced: boolean };
  /** Who asks, without expiry. */
  readonly orderer?: Orderer;
}

/** Ends a waiting or delayed task as failed for a reason. Resolves to what it met. The schedule of a firing goes on. */
export async function endWaiting(redis: Redis, keys: PoolKeys, task: string, ending: Ending): Promise<string> {
  if (isFiring(task)) await scheduleNext(redis, keys, task);
  const { reason, sessionTtlMs, nonce, isExpiry = false, running, orderer } = ending;
  const names = [...finishKeys, 'failed', task, 'metrics:failed', 'marker'].map(keys.of);
  const options = packer.pack({ token: '0', keepJobs, attempts: 0, maxMetricsSize: '' });
  const bull = [task, Date.now(), 'failedReason', reason, 'failed', 0, keys.prefix, options, ''];
  const ofRunning = [running?.reason ?? '', running?.isForced ? '1' : ''];
  const own = [
    keys.prefix,
    sessionTtlMs,
    nonce,
    isExpiry ? '1' : '',
    ...ofRunning,
    orderer?.by ?? '',
    orderer?.reason ?? '',
  ];
  return (await runScript(redis, 'cancel', names, [...bull, ...own])) as string;
}
