import { describe, expect } from 'vitest';
import { it, until } from '../support/pool-test.js';

describe('a plain BullMQ queue on a pool', () => {
  it('waits for results, and reads finished jobs and counts', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(async (job) => {
      if (job.name === 'bad') throw new Error('no');
      return { n: job.data.n };
    });
    const queue = pool.queue();
    const events = await pool.events();
    const good = await queue.add('good', { agentId: 'a', n: 1 });
    const bad = await queue.add('bad', { agentId: 'a' });
    const later = await queue.add('good', { agentId: 'a' }, { delay: 600_000 });
    expect(await good.waitUntilFinished(events, 60_000)).toEqual({ n: 1 });
    await expect(bad.waitUntilFinished(events, 60_000)).rejects.toThrow('no');
    expect(await queue.getJob(good.id ?? '')).toMatchObject({ returnvalue: { n: 1 }, attemptsMade: 1 });
    expect((await queue.getCompleted()).map(({ id }) => id)).toEqual([good.id]);
    expect((await queue.getFailed()).map(({ id }) => id)).toEqual([bad.id]);
    expect((await queue.getDelayed()).map(({ id }) => id)).toEqual([later.id]);
    expect(await queue.getJobCounts()).toMatchObject({ completed: 1, failed: 1, delayed: 1, waiting: 0 });
    expect(await good.waitUntilFinished(events, 60_000)).toEqual({ n: 1 });
  });

  it('may put ids of its own: equal to an agent, with percent signs, or of the form agent~unique', async ({ pool }) => {
    const ran: (string | undefined)[] = [];
    pool.dispatcher();
    pool.worker(async (job, worker) => {
      ran.push(`${job.id} of ${worker.agentOf(job.id ?? '')?.agent}`);
    });
    const queue = pool.queue();
    const events = await pool.events();
    const ids = ['a', 'x%2Fy', '100%', 'a~1', 'b~1', '~none'];
    const jobs = await queue.addBulk(ids.map((jobId) => ({ name: 'turn', data: { agentId: 'a' }, opts: { jobId } })));
    await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 60_000)));
    expect(ran.sort()).toEqual(['100% of a', 'a of a', 'a~1 of a', 'b~1 of b', 'x%2Fy of a', '~none of ']);
  });

  it('is refused integer ids by BullMQ itself', async ({ pool }) => {
    await expect(pool.queue().add('turn', { agentId: 'a' }, { jobId: '7' })).rejects.toThrow('integers');
  });

  it('adds an id once, whether its task waits, runs or is finished', async ({ pool }) => {
    let starts = 0;
    pool.dispatcher();
    pool.worker(async () => ++starts);
    const queue = pool.queue();
    const events = await pool.events();
    const add = () => queue.add('turn', { agentId: 'a' }, { jobId: 'once' });
    const [first] = await Promise.all([add(), add(), add()]);
    expect(await first.waitUntilFinished(events, 60_000)).toBe(1);
    const again = await add();
    expect(await again.waitUntilFinished(events, 60_000)).toBe(1);
    const after = await queue.add('turn', { agentId: 'a' });
    expect(await after.waitUntilFinished(events, 60_000)).toBe(2);
  });

  it('takes the next task first when it is added last in, first out', async ({ pool }) => {
    const ran: number[] = [];
    const queue = pool.queue();
    for (const n of [1, 2, 3]) await queue.add('turn', { agentId: 'a', n }, { lifo: true });
    pool.dispatcher();
    pool.worker(async (job) => ran.push(job.data.n));
    await until(() => ran.length === 3);
    expect(ran).toEqual([3, 2, 1]);
  });
});
