import { type Duration, formatDuration } from '@shunt/input';
import { UnrecoverableError } from 'bullmq';
import { parseDuration } from '../input/parse-duration.js';

/** Fails a task for good, whatever attempts it has left. */
export class Terminal extends UnrecoverableError {
  override name = 'Terminal';
}

/**
 * Ends the attempt, which counts as failed, and has the next one start after exactly this time, whatever the task's backoff
 * says. A task without attempts left has failed.
 */
export class RetryLater extends Error {
  override name = 'RetryLater';
  readonly delayMs: number;

  /**
   * @param delay from 0 to 365 days
   * @param message the reason. Defaults to one that names the delay
   * @throws ShuntError INVALID_TASK when it is no such duration
   */
  constructor(delay: Duration, message?: string) {
    const delayMs = parseDuration(delay, 'delay');
    super(message ?? `the handler asked to be tried again in ${formatDuration(delayMs)}`);
    this.delayMs = delayMs;
  }
}

/**
 * Says that the task does not belong on this worker: it goes to another one, and its agent loses this home. The attempt does not
 * count, unless every worker that may receive has refused it: then it has failed.
 */
export class WrongWorker extends Error {
  override name = 'WrongWorker';

  /** @param message the reason. Defaults to one of a few words */
  constructor(message = 'the task does not belong on this worker') {
    super(message);
  }
}

/** Longest reason of a failure that is stored: it is copied into the task, its stack and an event. */
const maxMessageChars = 8 * 1024;
const maxStackChars = 16 * 1024;

/**
 * Makes what a handler threw fit to be stored: an error with a text of bounded length. An ordinary error stays as it is.
 */
export function storable(thrown: unknown): Error {
  try {
    if (!(thrown instanceof Error)) return new Error(cut(`the handler threw ${describe(thrown)}`, maxMessageChars));
    if (isShort(thrown.message, maxMessageChars) && isShort(thrown.stack ?? '', maxStackChars)) return thrown;
    return copyOf(thrown);
  } catch {
    return new Error('the handler threw something that could not be read');
  }
}

/** Whether an error says that its task must not be tried again. */
export function isTerminal(error: unknown): boolean {
  return error instanceof UnrecoverableError || (error instanceof Error && error.name === 'UnrecoverableError');
}

/** The wait that an error asks for before the next attempt, in ms; null when it asks for none. */
export function retryDelayOf(error: unknown): number | null {
  if (!(error instanceof Error) || error.name !== 'RetryLater') return null;
  const { delayMs } = error as RetryLater;
  return Number.isInteger(delayMs) && delayMs >= 0 ? delayMs : null;
}

/** Whether an error says that its task belongs on another worker. */
export function isWrongWorker(error: unknown): error is Error {
  return error instanceof Error && error.name === 'WrongWorker';
}

function copyOf(error: Error): Error {
  const message = cut(String(error.message), maxMessageChars);
  const copy = isTerminal(error) ? new Terminal(message) : new Error(message);
  copy.name = cut(String(error.name), 200);
  copy.stack = cut(String(error.stack ?? ''), maxStackChars);
  const delayMs = retryDelayOf(error);
  return delayMs === null ? copy : Object.assign(copy, { delayMs });
}

/** The kind of value only, except for a text: an object's fields may be secrets. */
function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  if (thrown === null || thrown === undefined) return String(thrown);
  return `a value of type ${typeof thrown} instead of an error`;
}

function isShort(text: unknown, maxChars: number): boolean {
  return typeof text === 'string' && text.length <= maxChars;
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars ? text : `${text.slice(0, maxChars)}...`;
}
