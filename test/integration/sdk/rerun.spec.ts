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

  it('tells the journal who had which task run again, and why; of one that it refuses nothing', async ({ client }) => {
    const cancelled = async (agentId?: string) => {
      const task = await client.enqueue('turn', null, agentId === undefined ? {} : { agentId });
      await task.cancel();
      return task;
    };
    const [one, other] = [await cancelled('a'), await cancelled()];
    expect(await one.retry({ by: 'anna', reason: 'the disk is mended' })).toBe('retried');
    expect(await one.retry({ by: 'bob' })).toBe('not-failed');
    expect(await other.retry()).toBe('retried');
    const entries = (await client.pool.past({ limit: 100 })).entries.map(({ fields }) => fields);
    const told = entries.filter(({ event }) => event === 'rerun').reverse();
    expect(told).toEqual([
      { event: 'rerun', task: one.id, agent: 'a', by: 'anna', why: 'the disk is mended' },
      { event: 'rerun', task: other.id, by: 'sdk' },
    ]);
    await expect(one.retry({ by: '' })).rejects.toMatchObject({ code: 'INVALID_INPUT', details: [{ field: 'by' }] });
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
