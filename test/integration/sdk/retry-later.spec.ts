import { once } from 'node:events';
import { RetryLater } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { it } from './sdk-pool.js';

describe('a handler that throws RetryLater', () => {
  it('is called again, counted as one attempt, before the rest of its agent and whatever the backoff', async ({
    pool,
    client,
  }) => {
    const ran: string[] = [];
    pool.serve(
      {
        turn: (_, { attempt }) => {
          ran.push(`turn ${attempt}`);
          if (attempt < 3) throw new RetryLater(attempt * 10);
        },
        next: () => void ran.push('next'),
      },
      { slots: 4 },
    );
    const task = await client.enqueue('turn', null, { agentId: 'a', attempts: 3, backoff: '1h' });
    const next = await client.enqueue('next', null, { agentId: 'a' });
    await next.result();
    expect(ran).toEqual(['turn 1', 'turn 2', 'turn 3', 'next']);
    expect((await task.status()).attemptsMade).toBe(3);
  });

  it('waits exactly its delay', async ({ pool, client }) => {
    pool.serve({
      turn: () => {
        throw new RetryLater('1h');
      },
    });
    const backoff = { type: 'exponential', delay: 7, jitter: 1 } as const;
    const task = await client.enqueue('turn', null, { agentId: 'a', attempts: 3, backoff });
    await until(async () => (await task.status()).state === 'delayed');
    const [, score = '0'] = await pool.redis.zrange(pool.keys.of('delayed'), '0', '-1', 'WITHSCORES');
    const [queued] = await pool.redis.xrevrange(pool.keys.of('events'), '+', '-', 'COUNT', 1);
    expect(queued?.[1]).toEqual(expect.arrayContaining(['event', 'delayed', 'delay', `${Math.floor(+score / 4096)}`]));
    expect((await pool.queue().getJob(task.id))?.delay).toBe(3_600_000);
  });

  it('has failed only once no attempt is left: before that it has postponed its task', async ({ pool, client }) => {
    pool.serve(
      {
        turn: () => {
          throw new RetryLater(0);
        },
      },
      { heartbeat: 100 },
    );
    const task = await client.enqueue('turn', null, { agentId: 'a', attempts: 4 });
    await refusalOf(() => task.result());
    await until(async () => (await client.pool.stats()).failed > 0);
    expect(await client.pool.stats()).toMatchObject({ completed: 0, failed: 1, postponed: 3, finishedFailed: 1 });
  });

  it('fails its task when no attempt is left, with its reason', async ({ pool, client }) => {
    pool.serve({
      turn: () => {
        throw new RetryLater('30s', 'rate limited');
      },
      bare: () => {
        throw new RetryLater('30s');
      },
    });
    const reasonOf = async (name: string) => {
      const task = await client.enqueue(name, null, { agentId: 'a' });
      return (await refusalOf(() => task.result())).message;
    };
    expect(await reasonOf('turn')).toBe('rate limited');
    expect(await reasonOf('bare')).toBe('the handler asked to be tried again in 30s');
  });

  it('is tried again at once with a delay of 0', async ({ pool, client }) => {
    pool.serve({
      turn: (_, { attempt }) => {
        if (attempt === 1) throw new RetryLater(0);
        return attempt;
      },
    });
    const task = await client.enqueue('turn', null, { agentId: 'a', attempts: 2, backoff: '1h' });
    expect(await task.result()).toBe(2);
  });

  it('has its way also when the worker stops and aborts it', async ({ pool, client }) => {
    const started = new Signal();
    const worker = pool.serve(
      {
        turn: async (_, { signal }) => {
          started.resolve();
          await once(signal, 'abort');
          throw new RetryLater('1h');
        },
      },
      { shutdown: { grace: 10, abort: '30s' } },
    );
    const task = await client.enqueue('turn', null, { agentId: 'a', attempts: 2 });
    await started.seen;
    await worker.close();
    expect(await task.status()).toMatchObject({ state: 'delayed', attemptsMade: 1 });
  });
});
