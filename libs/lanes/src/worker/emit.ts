import type { Redis } from 'ioredis';
import { endsWithin } from '../ends-within.js';
import type { PoolKeys } from '../keys.js';
import { isPassing, patiently } from '../redis/patience.js';
import { runScript } from '../redis/script-runner.js';
import { ShuntError } from '../shunt-error.js';

/** A run of a task that emits values. */
export interface EmittingRun {
  readonly task: string;
  readonly token: string;
  /** When it began, in ms since 1970 as the task's `processedOn` has it: tells the runs of a slot apart. */
  readonly startedAt: number;
}

/** Values as JSON that are told together, in their order. */
export interface EmittedBatch {
  /** Counts the batches of the run, from 1: one that is sent again is told once. */
  readonly number: number;
  readonly values: readonly string[];
}

/**
 * Tells values of a run to whoever follows its task, and resolves once Redis has them.
 *
 * @param deadlineMs of performance.now
 * @param mayGoOn whether the run still holds its task; asked after each refusal of Redis
 * @throws ShuntError LEASE_LOST when the task is no longer the run's, STORE_UNAVAILABLE when Redis refuses, DEADLINE_EXCEEDED when it does
 *   not answer in time and may have told them
 */
export async function emitValues(
  redis: Redis,
  keys: PoolKeys,
  worker: string,
  { task, token, startedAt }: EmittingRun,
  { number, values }: EmittedBatch,
  deadlineMs: number,
  mayGoOn: () => boolean,
): Promise<void> {
  const names = [keys.of(task), keys.lane(worker, 'slots'), keys.of('events'), keys.of('meta')];
  const isInTime = () => performance.now() < deadlineMs;
  if (!isInTime()) throw new ShuntError('STORE_UNAVAILABLE', 'Redis did not answer before the deadline');
  // What Redis said last, while it is not asked again yet.
  let refusal: Error | undefined;
  const call = () => {
    refusal = undefined;
    return runScript(redis, 'emit', names, [task, token, startedAt, number, ...values]);
  };
  const note = (error: Error) => {
    refusal = error;
  };
  const told = patiently(call, () => mayGoOn() && isInTime(), note).catch(refuse);
  if (!(await endsWithin(told, deadlineMs - performance.now()))) {
    if (refusal) refuse(refusal);
    throw new ShuntError('DEADLINE_EXCEEDED', 'No answer from Redis before the deadline: the values may be told');
  }
  if ((await told) !== 1)
    throw new ShuntError('LEASE_LOST', 'the task is no longer this run: it may emit nothing more');
}

function refuse(error: unknown): never {
  if (!isPassing(error)) throw error;
  throw new ShuntError('STORE_UNAVAILABLE', `Redis refused: ${error.message}`, { cause: error });
}
