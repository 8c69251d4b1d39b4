import { ShuntError } from '@shunt/lanes';
import type { Job } from 'bullmq';
import type { TaskOptions } from '../input/options.js';

/** Reason of the signal of an attempt that takes too long. */
export const timeoutReason = 'timeout';

/** Runs an attempt by its signal. */
type Run<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Runs an attempt with a signal that also aborts after the task's `timeout`. An attempt that ends well in spite of that
 * counts; one that ignores the signal keeps its slot and its agent, as nobody else can know when it has ended.
 *
 * @throws ShuntError TASK_TIMEOUT in place of what the attempt threw once it was aborted
 */
export function withinTimeout<T>(job: Job, signal: AbortSignal, run: Run<T>): Promise<T> {
  const { timeout } = job.opts as TaskOptions;
  return timeout === undefined ? run(signal) : limited(timeout, signal, run);
}

async function limited<T>(timeout: number, signal: AbortSignal, run: Run<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(timeoutReason), timeout);
  try {
    return await run(AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (!late.signal.aborted || signal.aborted) throw error;
    throw new ShuntError('TASK_TIMEOUT', `the attempt took longer than its timeout of ${timeout} ms`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
