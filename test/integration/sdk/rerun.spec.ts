import { describe, expect } from 'vitest';
import { it } from './sdk-pool.js';

describe('retry of a task handle', () => {
  it('lets a failed task run again with all its attempts, and then it may complete', async ({ pool, client }) => {
    const starts: number[] = [];
    let isWell = false;
    pool.serve({
      turn: (_input, { attempt }) => {
        starts.push(attempt);
        if (!isWell) throw new Error('not yet');
        return 'done';
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a', attempts: 2 });
    await expect(task.result()).rejects.toMatchObject({ code: 'TASK_FAILED' });
    isWell = true;
    expect(await task.retry()).toBe('retried');
    expect(await task.result()).toBe('done');
    expect(starts).toEqual([1, 2, 1]);
    expect(await task.retry()).toBe('not-failed');
    expect(await client.task('none').retry()).toBe('missing');
    expect(await client.task('meta').retry()).toBe('missing');
  });

  it('brings back a cancelled task, behind what its agent has', async ({ pool, client }) => {
    const ran: unknown[] = [];
    const task = await client.enqueue('turn', 'cancelled', { agentId: 'a' });
    expect(await task.cancel()).toBe('cancelled');
    const other = await client.enqueue('turn', 'other', { agentId: 'a' });
    expect(await task.retry()).toBe('retried');
    pool.serve({ turn: (input) => ran.push(input) });
    await other.result();
    await task.result();
    expect(ran).toEqual(['other', 'cancelled']);
  });
});
