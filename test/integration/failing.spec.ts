import { UnrecoverableError } from 'bullmq';
import { describe, expect } from 'vitest';
import { Countdown, Signal } from '../support/pool.js';
import { it } from '../support/pool-test.js';

describe('a failing task', () => {
  it('holds its agent until its backoff ends, then goes first to its home', async ({ pool }) => {
    const done = new Countdown(3);
    const ran: string[] = [];
    pool.dispatcher();
    pool.worker(
      async (job, worker) => {
        ran.push(`${job.name}:${job.attemptsMade}:${worker.agentOf(job.id ?? '')?.home}`);
        if (job.name === 'first' && job.attemptsMade < 2) throw new Error('not yet');
        done.tick();
      },
      { concurrency: 4 },
    );
    const queue = pool.queue();
    await queue.add('first', { agentId: 'a' }, { attempts: 3, backoff: 30 });
    await queue.add('second', { agentId: 'a' });
    await queue.add('third', { agentId: 'a' });
    await done.zero;
    expect(ran).toEqual(['first:0:cold', 'first:1:warm', 'first:2:warm', 'second:0:warm', 'third:0:warm']);
  });

  it('without a backoff is retried at once, before the rest of its agent', async ({ pool }) => {
    const done = new Countdown(2);
    const ran: string[] = [];
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(`${job.name}:${job.attemptsMade}`);
      if (job.name === 'first' && job.attemptsMade === 0) throw new Error('not yet');
      done.tick();
    });
    const queue = pool.queue();
    await queue.add('first', { agentId: 'a' }, { attempts: 2 });
    await queue.add('second', { agentId: 'a' });
    await done.zero;
    expect(ran).toEqual(['first:0', 'first:1', 'second:0']);
  });

  it('lets its agent go on once its attempts are used up', async ({ pool }) => {
    const done = new Signal();
    pool.dispatcher();
    pool.worker(async (job) => {
      if (job.name === 'bad') throw new Error('never');
      done.resolve();
    });
    const queue = pool.queue();
    const bad = await queue.add('bad', { agentId: 'a' }, { attempts: 2, backoff: 5 });
    await queue.add('good', { agentId: 'a' });
    await done.seen;
    expect(await bad.getState()).toBe('failed');
    expect((await queue.getJob(bad.id ?? ''))?.failedReason).toBe('never');
  });

  it('waits as long as its own backoff says: fixed, exponential up to its cap, or by the strategy of the worker', async ({
    pool,
  }) => {
    const delays: Record<string, number[]> = { fixed: [], exponential: [], own: [], capped: [] };
    const settings = { backoffStrategy: (attemptsMade: number) => attemptsMade * 3 };
    pool.dispatcher();
    pool
      .worker(
        async () => {
          throw new Error('never');
        },
        { settings, concurrency: 4 },
      )
      .on('failed', (job) => {
        if (job && job.attemptsMade < 4) delays[job.name]?.push(job.delay);
      });
    const queue = pool.queue();
    const events = await pool.events();
    const jobs = ['fixed', 'exponential', 'own'].map((type) =>
      queue.add(type, { agentId: type }, { attempts: 4, backoff: { type, delay: 5 } }),
    );
    const capped = { attempts: 4, backoff: { type: 'exponential', delay: 5, max: 12 } };
    jobs.push(queue.add('capped', { agentId: 'capped' }, capped));
    const ends = (await Promise.all(jobs)).map((job) => job.waitUntilFinished(events, 60_000));
    expect((await Promise.allSettled(ends)).map(({ status }) => status)).toEqual(Array(4).fill('rejected'));
    expect(delays).toEqual({ fixed: [5, 5, 5], exponential: [5, 10, 20], own: [3, 6, 9], capped: [5, 10, 12] });
  });

  it('with an UnrecoverableError is not retried, and its agent goes on', async ({ pool }) => {
    const ran: string[] = [];
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(job.name);
      if (job.name === 'bad') throw new UnrecoverableError('no use');
    });
    const queue = pool.queue();
    const events = await pool.events();
    const bad = await queue.add('bad', { agentId: 'a' }, { attempts: 5, backoff: 5 });
    const good = await queue.add('good', { agentId: 'a' });
    await expect(bad.waitUntilFinished(events, 60_000)).rejects.toThrow('no use');
    await good.waitUntilFinished(events, 60_000);
    expect(ran).toEqual(['bad', 'good']);
  });

  it('keeps the newest stack traces, as many as it is told, and counts its attempts', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(async (job) => {
      throw new Error(`attempt ${job.attemptsMade + 1}`);
    });
    const queue = pool.queue();
    const events = await pool.events();
    const added = await queue.add('turn', { agentId: 'a' }, { attempts: 3, stackTraceLimit: 2 });
    await expect(added.waitUntilFinished(events, 60_000)).rejects.toThrow('attempt 3');
    const job = await queue.getJob(added.id ?? '');
    expect(job).toMatchObject({ attemptsMade: 3, attemptsStarted: 3, failedReason: 'attempt 3' });
    expect(job?.stacktrace?.map((trace) => trace.split('\n')[0])).toEqual(['Error: attempt 2', 'Error: attempt 3']);
    expect(job?.finishedOn).toBeGreaterThanOrEqual(job?.processedOn ?? Number.POSITIVE_INFINITY);
  });

  it('that is retried by hand goes through the intake to its home', async ({ pool }) => {
    const done = new Countdown(2);
    let isFixed = false;
    const homes: unknown[] = [];
    pool.dispatcher();
    pool.worker(async (job, worker) => {
      homes.push(worker.agentOf(job.id ?? '')?.home);
      if (!isFixed) throw new Error('broken');
      done.tick();
    });
    const queue = pool.queue();
    const events = await pool.events();
    const job = await queue.add('turn', { agentId: 'a' });
    await expect(job.waitUntilFinished(events, 60_000)).rejects.toThrow('broken');
    isFixed = true;
    await job.retry();
    await queue.add('after', { agentId: 'a' });
    await done.zero;
    expect(homes).toEqual(['cold', 'warm', 'warm']);
  });
});
