import { poolStats } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { Countdown, Signal } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

describe('options of BullMQ', () => {
  it('delay a task without holding its agent', async ({ pool }) => {
    const ran: string[] = [];
    pool.dispatcher();
    pool.worker(async (job) => ran.push(job.name));
    const queue = pool.queue();
    const events = await pool.events();
    const later = await queue.add('later', { agentId: 'a' }, { delay: 600_000 });
    const now = await queue.add('now', { agentId: 'a' });
    await now.waitUntilFinished(events, 60_000);
    await later.changeDelay(20);
    await later.waitUntilFinished(events, 60_000);
    expect(ran).toEqual(['now', 'later']);
  });

  it('order the current tasks of a lane by priority and keep the order within an agent', async ({ pool }) => {
    const done = new Countdown(5);
    const ran: string[] = [];
    const opened = new Signal();
    pool.dispatcher();
    pool.worker(async (job) => {
      if (job.name === 'gate') await opened.seen;
      else ran.push(job.name);
      done.tick();
    });
    const queue = pool.queue();
    await queue.add('gate', { agentId: 'g' });
    await queue.add('low', { agentId: 'a' }, { priority: 10 });
    await queue.add('after low', { agentId: 'a' }, { priority: 1 });
    await queue.add('high', { agentId: 'b' }, { priority: 2 });
    await queue.add('none', { agentId: 'c' });
    await until(async () => {
      const { tasks } = await poolStats(pool.redis, pool.keys);
      return tasks.intake === 0 && tasks.running === 1;
    });
    opened.resolve();
    await done.zero;
    expect(ran).toEqual(['none', 'high', 'low', 'after low']);
  });

  it('keep the order of an agent when all its tasks are prioritised', async ({ pool }) => {
    const done = new Countdown(4);
    const ran: number[] = [];
    const queue = pool.queue();
    for (const [n, priority] of [40, 30, 20, 10].entries()) {
      await queue.add('turn', { agentId: 'a', n }, { priority });
    }
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(job.data.n);
      done.tick();
    });
    await done.zero;
    expect(ran).toEqual([0, 1, 2, 3]);
  });
});

describe('what a handler tells of its task', () => {
  it('is seen by everybody: progress, logs, and only the newest of them', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(async (job) => {
      await job.updateProgress(50);
      for (const line of ['one', 'two', 'three']) await job.log(line);
      await job.updateData({ ...job.data, seen: true });
      return { done: true };
    });
    const queue = pool.queue();
    const events = await pool.events();
    const progressed = new Signal<unknown>();
    events.on('progress', ({ data }) => progressed.resolve(data));
    const job = await queue.add('turn', { agentId: 'a' }, { keepLogs: 2 });
    expect(await job.waitUntilFinished(events, 60_000)).toEqual({ done: true });
    expect(await progressed.seen).toBe(50);
    expect(await queue.getJobLogs(job.id ?? '')).toEqual({ logs: ['two', 'three'], count: 2 });
    expect(await queue.getJob(job.id ?? '')).toMatchObject({ progress: 50, data: { agentId: 'a', seen: true } });
  });
});

describe('finished tasks', () => {
  for (const [outcome, option] of [
    ['completed', 'removeOnComplete'],
    ['failed', 'removeOnFail'],
  ] as const) {
    it(`that ${outcome} are kept as ${option} says: none, so many, or so long`, async ({ pool }) => {
      pool.dispatcher();
      pool.worker(async () => {
        if (outcome === 'failed') throw new Error('no');
      });
      const queue = pool.queue();
      const events = await pool.events();
      const run = async (keep: boolean | number | { age: number; count?: number }) => {
        const job = await queue.add('turn', { agentId: 'a' }, { [option]: keep });
        await job.waitUntilFinished(events, 60_000).catch(() => undefined);
        return job.id;
      };
      const gone = await run(true);
      expect(await queue.getJob(gone ?? '')).toBeUndefined();
      const ids: (string | undefined)[] = [];
      for (const keep of [false, false, { age: 3600 }, 3]) ids.push(await run(keep));
      expect((await queue.getJobs([outcome], 0, -1, true)).map(({ id }) => id)).toEqual(ids.slice(1));
      ids.push(await run({ age: 3600, count: 2 }));
      expect((await queue.getJobs([outcome], 0, -1, true)).map(({ id }) => id)).toEqual(ids.slice(3));
    });
  }

  it('are kept as the worker says where the task says nothing', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(async () => undefined, { removeOnComplete: { count: 1 } });
    const queue = pool.queue();
    const events = await pool.events();
    const jobs = await queue.addBulk([1, 2, 3].map((n) => ({ name: 'turn', data: { agentId: 'a', n } })));
    await jobs[2]?.waitUntilFinished(events, 60_000);
    expect((await queue.getCompleted()).map(({ id }) => id)).toEqual([jobs[2]?.id]);
  });
});
