import { poolStats } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { Countdown, Signal } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

describe('a queue', () => {
  it('that is paused starts nothing, and resumes every agent where it was', async ({ pool }) => {
    const ran: string[] = [];
    const done = new Countdown(7);
    pool.dispatcher();
    pool.worker(
      async (job) => {
        ran.push(job.data.agentId + job.data.n);
        done.tick();
      },
      { drainDelay: 0.2 },
    );
    const queue = pool.queue();
    const events = await pool.events();
    const warmUp = await queue.add('turn', { agentId: 'a', n: 0 });
    await warmUp.waitUntilFinished(events, 60_000);
    await queue.pause();
    for (const n of [1, 2, 3]) for (const agentId of ['a', 'b']) await queue.add('turn', { agentId, n });
    await until(async () => (await poolStats(pool.redis, pool.keys)).tasks.intake === 0);
    expect(ran).toEqual(['a0']);
    await queue.resume();
    await done.zero;
    for (const agentId of ['a', 'b']) {
      expect(ran.filter((turn) => turn > `${agentId}0` && turn < `${agentId}9`)).toEqual(
        [1, 2, 3].map((n) => agentId + n),
      );
    }
  });

  it('that is drained keeps what agents hold already, and agents go on', async ({ pool }) => {
    const ran: string[] = [];
    const opened = new Signal();
    const started = new Signal();
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(job.name);
      if (job.name !== 'first') return;
      started.resolve();
      await opened.seen;
    });
    const queue = pool.queue();
    const events = await pool.events();
    await queue.add('first', { agentId: 'a' });
    await queue.add('later', { agentId: 'a' }, { delay: 600_000 });
    await started.seen;
    const next = await queue.add('next', { agentId: 'a' });
    await until(async () => (await poolStats(pool.redis, pool.keys)).tasks.mailbox === 1);
    await queue.drain(true);
    opened.resolve();
    await next.waitUntilFinished(events, 60_000);
    expect(ran).toEqual(['first', 'next']);
    expect(await queue.getDelayedCount()).toBe(0);
  });

  it('that is obliterated with force is empty, and its agents run what comes next', async ({ pool }) => {
    const ran: string[] = [];
    const started = new Signal();
    const opened = new Signal();
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(job.name);
      if (job.name !== 'running') return;
      started.resolve();
      await opened.seen;
    });
    const queue = pool.queue();
    await queue.add('running', { agentId: 'a' });
    await queue.add('delayed', { agentId: 'b' }, { delay: 600_000 });
    await started.seen;
    await queue.obliterate({ force: true });
    opened.resolve();
    const events = await pool.events();
    const next = await queue.add('next', { agentId: 'a' });
    const other = await queue.add('other', { agentId: 'b' });
    await Promise.all([next, other].map((job) => job.waitUntilFinished(events, 60_000)));
    expect(ran.sort()).toEqual(['next', 'other', 'running']);
    expect(await queue.getDelayedCount()).toBe(0);
  });
});
