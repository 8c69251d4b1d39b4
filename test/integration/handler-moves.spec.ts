import { DelayedError, type Job, WaitingError } from 'bullmq';
import { describe, expect } from 'vitest';
import { Countdown } from '../support/pool.js';
import { it } from '../support/pool-test.js';

describe('a handler that moves its task', () => {
  it('to the delayed ones holds the agent, and the attempt does not count', async ({ pool }) => {
    const ran: string[] = [];
    const done = new Countdown(2);
    pool.dispatcher();
    pool.worker(async (job: Job) => {
      ran.push(`${job.name}:${job.attemptsMade}:${job.attemptsStarted}`);
      if (job.name === 'first' && job.attemptsStarted === 1) {
        await job.moveToDelayed(Date.now() + 30, job.token);
        throw new DelayedError();
      }
      done.tick();
    });
    const queue = pool.queue();
    await queue.add('first', { agentId: 'a' });
    await queue.add('second', { agentId: 'a' });
    await done.zero;
    expect(ran).toEqual(['first:0:1', 'first:0:2', 'second:0:1']);
  });

  it('back to the waiting ones starts it again before the rest of its agent', async ({ pool }) => {
    const ran: string[] = [];
    const done = new Countdown(2);
    pool.dispatcher();
    pool.worker(async (job: Job) => {
      ran.push(`${job.name}:${job.attemptsMade}:${job.attemptsStarted}`);
      if (job.name === 'first' && job.attemptsStarted === 1) {
        await job.moveToWait(job.token);
        throw new WaitingError();
      }
      done.tick();
    });
    const queue = pool.queue();
    await queue.add('first', { agentId: 'a' });
    await queue.add('second', { agentId: 'a' });
    await done.zero;
    expect(ran).toEqual(['first:0:1', 'first:0:2', 'second:0:1']);
  });

  it('completes and fails tasks of one agent in turn when it returns or throws odd values', async ({ pool }) => {
    const values: unknown[] = [undefined, null, 0, '', { deep: [1] }];
    pool.dispatcher();
    pool.worker(async (job) => values[job.data.n]);
    const queue = pool.queue();
    const events = await pool.events();
    const jobs = await queue.addBulk(values.map((_, n) => ({ name: 'turn', data: { agentId: 'a', n } })));
    const results = await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 60_000)));
    expect(results).toEqual([null, null, 0, '', { deep: [1] }]);
  });
});
