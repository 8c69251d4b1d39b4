import { ShuntError } from '@shunt/lanes';

/** What Redis answers with an error is STORE_UNAVAILABLE with its reason; anything else is a bug and stays what it is. */
export function refusal(error: unknown): unknown {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return error;
  const cause = bare(error);
  const message = cause.message.startsWith('OOM')
    ? 'Redis is out of memory (maxmemory reached)'
    : `Redis refused the call: ${cause.message}`;
  return new ShuntError('STORE_UNAVAILABLE', message, { cause });
}

/**
 * An error of Redis without the arguments of the command it answers: they hold passwords and payloads. ioredis attaches
 * them as a property, and Redis quotes those of a command it does not know.
 */
export function bare({ name, message }: Error): Error {
  return Object.assign(new Error(message.replace(/, with args beginning with.*$/s, '').slice(0, 200)), { name });
}
