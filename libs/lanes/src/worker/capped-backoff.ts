import type { BackoffOptions, JobsOptions } from 'bullmq';

/** How retries are spaced, with the longest wait of those that double, in ms. */
export interface CappedBackoff extends BackoffOptions {
  readonly max?: number;
}

/** Has the next retry wait no longer than the cap of its backoff, which BullMQ does not know. Its jitter is a share of the cap then. */
export function capBackoff(options: JobsOptions, attemptsMade: number): void {
  const { backoff } = options;
  if (typeof backoff !== 'object') return;
  const { type, delay = 0, max = Number.POSITIVE_INFINITY } = backoff as CappedBackoff;
  if (type === 'exponential' && delay * 2 ** attemptsMade > max)
    options.backoff = { ...backoff, type: 'fixed', delay: max };
}
