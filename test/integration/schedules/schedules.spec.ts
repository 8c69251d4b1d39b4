import { describe, expect } from 'vitest';
import { Countdown, Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { it } from '../sdk/sdk-pool.js';

describe('a schedule', () => {
  it('gives its handler the input as it is, for its agent at home', async ({ pool, client }) => {
    const seen: unknown[] = [];
    const done = new Countdown(3);
    for (const id of ['w1', 'w2']) {
      pool.serve(
        {
          tick: (input, { agent }) => {
            seen.push([input, agent?.id, agent?.home, id]);
            done.tick();
          },
        },
        { id },
      );
    }
    const options = { agentId: 'a b', attempts: 2, affinity: 'strict' } as const;
    await client.schedules.upsert('s', { every: 40 }, 'tick', [1], options);
    await done.zero;
    expect(await client.schedules.remove('s')).toBe(true);
    const home = (seen[0] as unknown[])[3];
    const [first, ...later] = seen;
    expect(first).toEqual([[1], 'a b', 'cold', home]);
    for (const one of later) expect(one).toEqual([[1], 'a b', 'warm', home]);
  });

  it('is listed, replaced by its id, and removed', async ({ client }) => {
    const made = await client.schedules.upsert('daily', { cron: '0 9 * * *', tz: 'Europe/Berlin' }, 'report', {
      of: 'x',
    });
    expect(made).toEqual({
      id: 'daily',
      task: 'report',
      agentId: null,
      input: { of: 'x' },
      everyMs: null,
      cron: '0 9 * * *',
      tz: 'Europe/Berlin',
      nextAt: expect.any(Number),
      firings: 1,
    });
    expect(new Date(made.nextAt).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' })).toBe('09:00:00');
    expect(await client.schedules.list()).toEqual([made]);
    await client.schedules.upsert('daily', { cron: '0 10 * * *' }, 'report', null, { agentId: 'a' });
    const [replaced, ...others] = await client.schedules.list();
    expect(others).toEqual([]);
    expect(replaced).toMatchObject({ cron: '0 10 * * *', tz: 'UTC', agentId: 'a', input: null });
    expect(new Date(replaced?.nextAt ?? 0).toISOString()).toContain('T10:00:00');
    expect(await client.schedules.remove('daily')).toBe(true);
    expect(await client.schedules.remove('daily')).toBe(false);
    expect(await client.schedules.list()).toEqual([]);
    expect((await client.listTasks({ state: 'delayed' })).tasks).toEqual([]);
  });

  it('of plain BullMQ is listed too', async ({ pool, client }) => {
    await pool
      .queue()
      .upsertJobScheduler('x:y', { every: 60_000, limit: 2 }, { name: 'tick', data: { agentId: 'a', n: 1 } });
    expect(await client.schedules.list()).toMatchObject([
      { id: 'x:y', agentId: 'a', input: { agentId: 'a', n: 1 }, everyMs: 60_000 },
    ]);
    expect(await client.schedules.remove('x:y')).toBe(true);
  });

  it('goes on when one of its tasks is cancelled before it started', async ({ pool, client }) => {
    const started = new Signal();
    const end = new Signal();
    const ran: string[] = [];
    pool.serve({
      block: async () => {
        started.resolve();
        await end.seen;
      },
      tick: (_, { task }) => void ran.push(task.id),
    });
    await client.enqueue('block', null, { agentId: 'a' });
    await started.seen;
    await client.schedules.upsert('s', { every: 50 }, 'tick', null, { agentId: 'a' });
    const waits = async () => (await client.listTasks({ agentId: 'a' })).tasks.find(({ state }) => state === 'mailbox');
    await until(async () => (await waits()) !== undefined);
    const first = (await waits())?.id ?? '';
    expect(await client.task(first).cancel()).toBe('cancelled');
    end.resolve();
    await until(() => ran.length > 1);
    expect(ran).not.toContain(first);
    await client.schedules.remove('s');
  });

  it('keeps its input from a worker whose schema refuses it', async ({ pool, client }) => {
    const { z } = await import('zod');
    pool.serve({ tick: () => 'ran' }, { schemas: { tick: z.number() } });
    await client.schedules.upsert('s', { every: 600_000 }, 'tick', 'no number', { agentId: 'a' });
    await until(async () => (await client.listTasks({ state: 'failed' })).tasks.length === 1);
    const [task] = (await client.listTasks({ state: 'failed' })).tasks;
    await expect(client.task(task?.id ?? '').result()).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
