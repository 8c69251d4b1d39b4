import { type Processor, RateLimitError } from 'bullmq';
import { capBackoff } from './capped-backoff.js';
import { thrownError } from './thrown-error.js';

/** What BullMQ takes as a processor: a function, a file that runs in a sandbox, or nothing. */
export type AnyProcessor<Data, Result, Name extends string> = string | URL | null | Processor<Data, Result, Name>;

/**
 * Makes a processor's failures ones that end the attempt. BullMQ takes for granted that what is thrown is an Error: anything
 * else would leave the task running. A RateLimitError would have the task tried again at once and for ever, as lanes
 * have no limiter.
 *
 * @param assertHeld throws for a task that is no longer the worker's: its lease can end between the fetch and the start, where BullMQ
 * has no signal to abort yet
 */
export function guarded<Data, Result, Name extends string>(
  processor: AnyProcessor<Data, Result, Name>,
  assertHeld: (task: string, token: string) => void,
): AnyProcessor<Data, Result, Name> {
  if (typeof processor !== 'function') return processor;
  // Three named arguments: BullMQ gives no signal to a function of fewer.
  return async (job, token, signal) => {
    assertHeld(job.id ?? '', token ?? '');
    capBackoff(job.opts, job.attemptsMade);
    try {
      return await processor(job, token, signal);
    } catch (error) {
      throw endingError(error);
    }
  };
}

function endingError(thrown: unknown): Error {
  const error = thrownError(thrown, 'the handler');
  if (!(error instanceof RateLimitError)) return error;
  return new Error('lanes have no rate limit: use job.moveToDelayed and throw a DelayedError');
}
