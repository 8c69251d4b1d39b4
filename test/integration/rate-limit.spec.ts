import { Worker } from 'bullmq';
import { describe, expect } from 'vitest';
import { it } from '../support/pool-test.js';

describe('a handler that moves its task', () => {
  it('with RateLimitError is told that lanes have no rate limit', async ({ pool }) => {
    let starts = 0;
    pool.dispatcher();
    pool.worker(async (_job, worker) => {
      starts++;
      if (starts > 20) return;
      await worker.rateLimit(200);
      throw Worker.RateLimitError();
    });
    const queue = pool.queue();
    const events = await pool.events();
    const job = await queue.add('turn', { agentId: 'a' });
    await expect(job.waitUntilFinished(events, 60_000)).rejects.toThrow('rate limit');
    expect(starts).toBe(1);
  });
});
