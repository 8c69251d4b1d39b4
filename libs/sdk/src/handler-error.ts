import { UnrecoverableError } from 'bullmq';

/** Fails a task for good, whatever attempts it has left. */
export class Terminal extends UnrecoverableError {
  override name = 'Terminal';
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

function copyOf(error: Error): Error {
  const message = cut(String(error.message), maxMessageChars);
  const copy = isTerminal(error) ? new Terminal(message) : new Error(message);
  copy.name = cut(String(error.name), 200);
  copy.stack = cut(String(error.stack ?? ''), maxStackChars);
  return copy;
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
