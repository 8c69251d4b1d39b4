import type { JobsOptions } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { capBackoff } from './capped-backoff.js';

const exponential = { type: 'exponential', delay: 100, max: 500, jitter: 0.5 };

describe('capBackoff', () => {
  it.each<[JobsOptions['backoff'], number, JobsOptions['backoff']]>([
    [exponential, 0, exponential],
    [exponential, 2, exponential],
    [exponential, 3, { ...exponential, type: 'fixed', delay: 500 }],
    [exponential, 999, { ...exponential, type: 'fixed', delay: 500 }],
    [{ type: 'exponential', delay: 100 }, 999, { type: 'exponential', delay: 100 }],
    [{ type: 'fixed', delay: 100 }, 5, { type: 'fixed', delay: 100 }],
    [7, 5, 7],
    [undefined, 5, undefined],
  ])('of %j after %i attempts is %j', (backoff, attempts, capped) => {
    const options: JobsOptions = { backoff: backoff as never };
    capBackoff(options, attempts);
    expect(options.backoff).toEqual(capped);
  });
});
