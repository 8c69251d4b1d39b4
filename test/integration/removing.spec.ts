import { stateOf, type TaskState } from '@shunt/lanes';
import { type Job } from 'bullmq';
import { describe, expect } from 'vitest';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

/** A one-slot worker that runs `gate` until it is opened, and remembers what it ran. */
function gatedWorker(pool: TestPool) {
  const ran: string[] = [];
  const started = new Signal();
  const gate = new Signal();
  pool.worker(async (job) => {
    ran.push(job.name);
    if (job.name === 'failing') throw new Error('not yet');
    if (job.name !== 'gate') return;
    started.resolve();
    await gate.seen;
  });
  return { ran, started: started.seen, open: () => gate.resolve() };
}

/** Waits until a task is in a state. */
const reaches = (pool: TestPool, job: Job, state: TaskState['state']) =>
  until(async () => (await stateOf(pool.redis, pool.keys, job.id ?? '')).state === state);

describe('a removed task', () => {
  it('of a mailbox is passed over', async ({ pool }) => {
    pool.dispatcher();
    const worker = gatedWorker(pool);
    const queue = pool.queue();
    const events = await pool.events();
    await queue.add('gate', { agentId: 'a' });
    await worker.started;
    const removed = await queue.add('removed', { agentId: 'a' });
    const next = await queue.add('next', { agentId: 'a' });
    await reaches(pool, next, 'mailbox');
    await removed.remove();
    worker.open();
    await next.waitUntilFinished(events, 60_000);
    expect(worker.ran).toEqual(['gate', 'next']);
  });

  for (const jobId of ['own-id', 'a~1']) {
    it(`of a lane lets its agent go on (id ${jobId})`, async ({ pool }) => {
      pool.dispatcher();
      const worker = gatedWorker(pool);
      const queue = pool.queue();
      const events = await pool.events();
      await (await queue.add('first', { agentId: 'a' })).waitUntilFinished(events, 60_000);
      await queue.add('gate', { agentId: 'g' });
      await worker.started;
      const removed = await queue.add('removed', { agentId: 'a' }, { jobId });
      const next = await queue.add('next', { agentId: 'a' });
      await reaches(pool, next, 'mailbox');
      expect((await stateOf(pool.redis, pool.keys, jobId)).state).toBe('lane');
      await removed.remove();
      worker.open();
      await next.waitUntilFinished(events, 60_000);
      expect(worker.ran).toEqual(['first', 'gate', 'next']);
    });

    it(`of the yard lets its agent go on (id ${jobId})`, async ({ pool }) => {
      pool.dispatcher();
      const queue = pool.queue();
      const events = await pool.events();
      const removed = await queue.add('removed', { agentId: 'a' }, { jobId });
      const next = await queue.add('next', { agentId: 'a' });
      await reaches(pool, next, 'mailbox');
      expect((await stateOf(pool.redis, pool.keys, jobId)).state).toBe('yard');
      await removed.remove();
      const worker = gatedWorker(pool);
      await next.waitUntilFinished(events, 60_000);
      expect(worker.ran).toEqual(['next']);
    });

    it(`in its backoff lets its agent go on (id ${jobId})`, async ({ pool }) => {
      pool.dispatcher();
      const worker = gatedWorker(pool);
      const queue = pool.queue();
      const events = await pool.events();
      const removed = await queue.add('failing', { agentId: 'a' }, { jobId, attempts: 2, backoff: 600_000 });
      await reaches(pool, removed, 'delayed');
      const next = await queue.add('next', { agentId: 'a' });
      await reaches(pool, next, 'mailbox');
      await removed.remove();
      await next.waitUntilFinished(events, 60_000);
      expect(worker.ran).toEqual(['failing', 'next']);
    });
  }
});
