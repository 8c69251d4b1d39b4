import { describe, expect } from 'vitest';
import { Countdown, Signal } from '../support/pool.js';
import { it } from '../support/pool-test.js';

describe('deduplication', () => {
  it('that keeps the last runs it after the one that was running, of the same agent', async ({ pool }) => {
    const ran: number[] = [];
    const started = new Signal();
    const opened = new Signal();
    const done = new Countdown(3);
    pool.dispatcher();
    pool.worker(async (job) => {
      ran.push(job.data.n);
      started.resolve();
      await opened.seen;
      done.tick();
    });
    const queue = pool.queue();
    const deduplication = { id: 'k', keepLastIfActive: true };
    const add = (n: number) => queue.add('turn', { agentId: 'a', n }, { deduplication });
    await add(1);
    await started.seen;
    await add(2);
    await add(3);
    await queue.add('turn', { agentId: 'a', n: 9 });
    opened.resolve();
    await done.zero;
    expect(ran).toEqual([1, 9, 3]);
  });
});
