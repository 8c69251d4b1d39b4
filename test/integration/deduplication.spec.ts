import { describe, expect } from 'vitest';
import { it } from '../support/pool-test.js';

describe('deduplication', () => {
  it('ignores a task while one of its key is unfinished', async ({ pool }) => {
    pool.dispatcher();
    const queue = pool.queue();
    const events = await pool.events();
    const add = () => queue.add('turn', { agentId: 'a' }, { deduplication: { id: 'k' } });
    const first = await add();
    expect((await add()).id).toBe(first.id);
    pool.worker(async () => undefined);
    await first.waitUntilFinished(events, 60_000);
    expect((await add()).id).not.toBe(first.id);
  });

  it('ignores a task for a while, also once the first is finished', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(async () => undefined);
    const queue = pool.queue();
    const events = await pool.events();
    const add = () => queue.add('turn', { agentId: 'a' }, { deduplication: { id: 'k', ttl: 600_000 } });
    const first = await add();
    await first.waitUntilFinished(events, 60_000);
    expect((await add()).id).toBe(first.id);
    await queue.removeDeduplicationKey('k');
    const second = await add();
    expect(second.id).not.toBe(first.id);
    await second.waitUntilFinished(events, 60_000);
  });

  it('replaces a delayed task by the newest of its key', async ({ pool }) => {
    const ran: number[] = [];
    pool.dispatcher();
    pool.worker(async (job) => ran.push(job.data.n));
    const queue = pool.queue();
    const events = await pool.events();
    const deduplication = { id: 'k', ttl: 600_000, extend: true, replace: true };
    const add = (n: number, delay: number) => queue.add('turn', { agentId: 'a', n }, { delay, deduplication });
    await add(1, 600_000);
    await add(2, 600_000);
    const last = await add(3, 20);
    await last.waitUntilFinished(events, 60_000);
    expect(ran).toEqual([3]);
  });
});
