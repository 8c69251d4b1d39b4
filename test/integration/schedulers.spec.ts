import { describe, expect } from 'vitest';
import { Countdown } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

describe('a job scheduler', () => {
  it('goes through the intake, with the agent held to its home', async ({ pool }) => {
    const done = new Countdown(3);
    const homes = new Set<string>();
    pool.dispatcher({ affinity: 'strict' });
    for (const workerId of ['w1', 'w2']) {
      pool.worker(
        async (_job, worker) => {
          homes.add(worker.workerId);
          done.tick();
        },
        { workerId },
      );
    }
    const queue = pool.queue();
    await queue.upsertJobScheduler('s', { every: 40 }, { name: 'tick', data: { agentId: 'a' } });
    await done.zero;
    await queue.removeJobScheduler('s');
    expect(homes.size).toBe(1);
  });

  it('with a cron pattern holds the agent to its home', async ({ pool }) => {
    const done = new Countdown(2);
    const homes: unknown[] = [];
    pool.dispatcher();
    pool.worker(async (job, worker) => {
      homes.push(worker.agentOf(job.id ?? '')?.home);
      done.tick();
    });
    const queue = pool.queue();
    await queue.upsertJobScheduler('s', { pattern: '* * * * * *' }, { name: 'tick', data: { agentId: 'a' } });
    await done.zero;
    await queue.removeJobScheduler('s');
    expect(homes.slice(0, 2)).toEqual(['cold', 'warm']);
  });

  it('ends at its limit', async ({ pool }) => {
    let runs = 0;
    pool.dispatcher();
    pool.worker(async () => ++runs);
    const queue = pool.queue();
    const events = await pool.events();
    await queue.upsertJobScheduler('s', { every: 20, limit: 3 }, { name: 'tick', data: { agentId: 'a' } });
    await until(() => runs === 3);
    const probe = await queue.add('probe', { agentId: 'a' }, { delay: 100 });
    expect(await probe.waitUntilFinished(events, 60_000)).toBe(4);
    expect(await queue.getDelayedCount()).toBe(0);
  });

  it('that is removed runs no more, and its agent goes on', async ({ pool }) => {
    let runs = 0;
    pool.dispatcher();
    pool.worker(async () => ++runs);
    const queue = pool.queue();
    const events = await pool.events();
    await queue.upsertJobScheduler('s', { every: 600_000 }, { name: 'tick', data: { agentId: 'a' } });
    await until(() => runs === 1);
    expect(await queue.removeJobScheduler('s')).toBe(true);
    const next = await queue.add('next', { agentId: 'a' });
    expect(await next.waitUntilFinished(events, 60_000)).toBe(2);
    expect(await queue.getDelayedCount()).toBe(0);
  });

  it('goes on after iterations that fail', async ({ pool }) => {
    let runs = 0;
    pool.dispatcher();
    pool.worker(async () => {
      if (++runs < 3) throw new Error('no');
    });
    const queue = pool.queue();
    await queue.upsertJobScheduler('s', { every: 20 }, { name: 'tick', data: { agentId: 'a' } });
    await until(async () => (await queue.getCompletedCount()) > 0);
    expect(await queue.getFailedCount()).toBe(2);
  });

  it('goes on while its agent retries an iteration that fails', async ({ pool }) => {
    const attempts: number[] = [];
    pool.dispatcher();
    pool.worker(async (job) => {
      attempts.push(job.attemptsMade);
      if (attempts.length < 3) throw new Error('no');
    });
    const queue = pool.queue();
    const template = { name: 'tick', data: { agentId: 'a' }, opts: { attempts: 3, backoff: 30 } };
    await queue.upsertJobScheduler('s', { every: 20, limit: 2 }, template);
    await until(async () => (await queue.getCompletedCount()) === 2);
    expect(attempts).toEqual([0, 1, 2, 0]);
  });
});
