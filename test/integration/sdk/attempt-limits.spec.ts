import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { it } from './sdk-pool.js';

/** Waits for its signal to abort. */
const untilAborted = (signal: AbortSignal) => sleep(600_000, undefined, { signal });

describe('timeout', () => {
  it('aborts an attempt, counts it as failed and lets the next one run', async ({ pool, client }) => {
    const seen: unknown[] = [];
    pool.serve({
      turn: async (_, { attempt, signal }) => {
        if (attempt === 2) return 'in time';
        await untilAborted(signal).catch(() => seen.push(signal.reason));
        throw new Error('as it was aborted');
      },
    });
    const task = await client.enqueue('turn', null, { agentId: 'a', timeout: 50, attempts: 2 });
    expect(await task.result()).toBe('in time');
    expect(seen).toEqual(['timeout']);
    expect((await task.status()).attemptsMade).toBe(2);
  });

  it('is the reason of the failure, not what the aborted handler threw', async ({ pool, client }) => {
    pool.serve({ turn: (_, { signal }) => untilAborted(signal) });
    const task = await client.enqueue('turn', null, { agentId: 'a', timeout: 50 });
    expect((await refusalOf(() => task.result())).message).toBe('the attempt took longer than its timeout of 50 ms');
  });

  it('changes nothing for an attempt that ends well in spite of it', async ({ pool, client }) => {
    pool.serve({ turn: (_, { signal }) => untilAborted(signal).catch(() => 'rescued') });
    const task = await client.enqueue('turn', null, { agentId: 'a', timeout: 50 });
    expect(await task.result()).toBe('rescued');
  });

  it('of a handler that ignores its signal keeps the agent: nothing of it overlaps', async ({ pool, client }) => {
    const ran: string[] = [];
    const aborted = new Signal();
    pool.serve(
      {
        deaf: async (_, { signal }) => {
          signal.addEventListener('abort', () => aborted.resolve());
          await aborted.seen;
          await sleep(100);
          ran.push('deaf ended');
          throw new Error('late');
        },
        next: () => void ran.push('next'),
      },
      { slots: 4 },
    );
    await client.enqueue('deaf', null, { agentId: 'a', timeout: 20 });
    await (await client.enqueue('next', null, { agentId: 'a' })).result();
    expect(ran).toEqual(['deaf ended', 'next']);
  });

  it('of a handler that ignores its signal is told by explain', async ({ pool, client }) => {
    const mayEnd = new Signal();
    pool.serve({ deaf: () => mayEnd.seen }, { id: 'w1' });
    const task = await client.enqueue('deaf', null, { agentId: 'a', timeout: 20 });
    const isDeaf = async () => {
      const { state, advice } = await task.explain();
      return state === 'running' && advice !== null;
    };
    await until(isDeaf);
    expect(await task.explain()).toMatchObject({
      state: 'running',
      why: expect.stringMatching(
        /^It runs on worker \S+, \d+ s past its timeout: its handler does not heed its signal/,
      ),
    });
    mayEnd.resolve();
  });
});

describe('ttl', () => {
  it('fails a task that has not started in time, unrun, and its agent goes on', async ({ pool, client }) => {
    const ran: string[] = [];
    const late = await client.enqueue('turn', 'late', { agentId: 'a', ttl: 1, attempts: 3 });
    const next = await client.enqueue('turn', 'next', { agentId: 'a', ttl: '1h' });
    await sleep(5);
    pool.serve({ turn: (name: string) => void ran.push(name) });
    const error = await refusalOf(() => late.result());
    expect(error.message).toBe('expired: it had not started 1 ms after it was enqueued or due');
    await next.result();
    expect(ran).toEqual(['next']);
  });

  it('that is over is told by explain of a task behind others, as is a pause of the queue', async ({
    pool,
    client,
  }) => {
    await client.enqueue('turn', 'first', { agentId: 'a' });
    const late = await client.enqueue('turn', 'late', { agentId: 'a', ttl: 1 });
    await until(async () => / Its ttl is over since \S+: it fails unrun/.test((await late.explain()).why));
    await pool.queue().pause();
    expect(await late.explain()).toMatchObject({
      state: 'mailbox',
      why: expect.stringMatching(/^It waits behind one earlier task of its agent, and the queue is paused\. Its ttl/),
      advice: 'Resume the queue.',
    });
  });

  it('counts from when a delayed task is due, and not for later attempts', async ({ pool, client }) => {
    let starts = 0;
    pool.serve({
      turn: () => {
        starts++;
        if (starts < 3) throw new Error('again');
        return 'ran';
      },
    });
    const options = { agentId: 'a', delay: 2000, ttl: 1900, attempts: 3, backoff: 200 };
    expect(await (await client.enqueue('turn', null, options)).result()).toBe('ran');
    expect(starts).toBe(3);
  });
});
