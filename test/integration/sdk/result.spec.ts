import { Terminal } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
beforeEach(() => {
  pool = new SdkPool();
  client = pool.client();
});
afterEach(async () => {
  await pool.close();
  expect(pool.errors).toEqual([]);
});

describe('result', () => {
  it.each([
    ['kept', undefined],
    ['not kept', { completed: false }],
  ])('never misses a fast task that is %s', async (_, keep) => {
    pool.dispatcher();
    pool.serve({ turn: (n: number) => ({ n }) }, { slots: 20 });
    const results = await Promise.all(
      Array.from({ length: 300 }, async (_, n) => {
        const task = await client.enqueue('turn', n, { agentId: `a${n % 50}`, keep });
        return task.result({ timeout: '30s' });
      }),
    );
    expect(results).toEqual(Array.from({ length: 300 }, (_, n) => ({ n })));
    for (let n = 0; n < 100; n++) {
      const task = await client.enqueue('turn', n, { agentId: 'a', keep });
      expect(await task.result({ timeout: '30s' })).toEqual({ n });
    }
  });

  it.each([
    ['nothing', undefined, null],
    ['null', null, null],
    ['false', false, false],
    ['empty text', '', ''],
    ['0', 0, 0],
    ['an object', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
  ])('is what the handler returned: %s', async (_, value, result) => {
    pool.dispatcher();
    pool.serve({ turn: () => value });
    const task = await client.enqueue('turn', 1);
    expect(await task.result()).toEqual(result);
    expect(await task.result()).toEqual(result);
  });

  it('of many tasks that ended before and are gone is searched for once', async () => {
    const redis = new RedisOfTest();
    await redis.up();
    const pool = new SdkPool(redis.url);
    onTestFinished(() => pool.close());
    const client = pool.client();
    pool.dispatcher();
    pool.serve({ turn: (n: number) => n }, { slots: 20 });
    const keep = { completed: false };
    const enqueued = Array.from({ length: 1000 }, (_, n) => client.enqueue('turn', n, { agentId: `a${n % 50}`, keep }));
    const tasks = await Promise.all(enqueued);
    await until(async () => (await pool.redis.exists(...tasks.map(({ id }) => pool.keys.of(id)))) === 0);
    const readsByNow = async () =>
      Number(/cmdstat_xrange:calls=(\d+)/.exec(await pool.redis.info('commandstats'))?.[1] ?? 0);
    const before = await readsByNow();
    expect(await Promise.all(tasks.map((task) => task.result()))).toEqual(tasks.map((_, n) => n));
    // Of a search by each that would be a thousand at least: five reads are one whole search.
    expect((await readsByNow()) - before).toBeLessThan(300);
  });

  it('is heard by several waits of several clients', async () => {
    const gate = new Signal();
    pool.dispatcher();
    pool.serve({ turn: () => gate.seen.then(() => 'done') });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    const other = pool.client().task(task.id);
    const waits = [task.result(), task.result(), other.result()];
    gate.resolve();
    expect(await Promise.all(waits)).toEqual(['done', 'done', 'done']);
  });

  it('of a failed task is TASK_FAILED with the reason, kept or not', async () => {
    pool.dispatcher();
    pool.serve({
      turn: () => {
        throw new Terminal('no such account');
      },
    });
    for (const keep of [undefined, { failed: false }]) {
      const task = await client.enqueue('turn', 1, { agentId: 'a', attempts: 3, keep });
      const error = await refusalOf(() => task.result());
      expect([error.code, error.message, error.details]).toEqual(['TASK_FAILED', 'no such account', { task: task.id }]);
    }
  });

  it('of a task that is retried waits for its last attempt', async () => {
    pool.dispatcher();
    pool.serve({
      turn: (_, { attempt }) => {
        if (attempt < 3) throw new Error('not yet');
        return attempt;
      },
    });
    expect(await (await client.enqueue('turn', 1, { agentId: 'a', attempts: 3, backoff: 20 })).result()).toBe(3);
  });

  it('of a cancelled task is CANCELLED, before and after it was asked for', async () => {
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    const waiting = refusalOf(() => task.result());
    expect(await task.cancel()).toBe('cancelled');
    expect((await waiting).code).toBe('CANCELLED');
    expect((await refusalOf(() => task.result())).code).toBe('CANCELLED');
  });

  it('of an unknown task is NOT_FOUND', async () => {
    const error = await refusalOf(() => client.task('a~nothing').result());
    expect([error.code, error.retryable]).toEqual(['NOT_FOUND', false]);
  });

  it('is found in the events for a handle made by id alone', async () => {
    pool.dispatcher();
    pool.serve({ turn: () => 'gone' });
    const task = await client.enqueue('turn', 1, { agentId: 'a', keep: { completed: false } });
    await task.result();
    expect(await pool.client().task(task.id).result()).toBe('gone');
    await pool.redis.xtrim(pool.keys.of('events'), 'MAXLEN', 0);
    expect((await refusalOf(() => pool.client().task(task.id).result())).code).toBe('NOT_FOUND');
  });

  it('is DEADLINE_EXCEEDED while the task goes on', async () => {
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    const error = await refusalOf(() => task.result({ timeout: 50 }));
    expect([error.code, error.retryable]).toEqual(['DEADLINE_EXCEEDED', true]);
    expect((await task.status()).state).toBe('yard');
  });

  it.each([0, -1, 1.5, 'soon', Number.NaN, null, '25d'])('refuses the timeout %s', async (timeout) => {
    const error = await refusalOf(() => client.task('a~x').result({ timeout: timeout as never }));
    expect([error.code, error.details]).toEqual([
      'INVALID_TASK',
      [{ field: 'timeout', message: expect.stringMatching(/^must be /) }],
    ]);
  });

  it('waits as long as the longest timeout allows', async () => {
    const gate = new Signal();
    pool.dispatcher();
    pool.serve({ turn: () => gate.seen });
    const waiting = (await client.enqueue('turn', 1)).result({ timeout: '24d' });
    gate.resolve();
    expect(await waiting).toBeNull();
  });

  it('is read from the task when its event was trimmed before anyone heard it', async () => {
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    const waiting = task.result();
    // What a finish and a trim of the stream leave behind.
    await pool.redis
      .multi()
      .hset(pool.keys.of(task.id), 'finishedOn', 1, 'returnvalue', '"done"')
      .xtrim(pool.keys.of('events'), 'MAXLEN', 0)
      .exec();
    expect(await waiting).toBe('done');
  });

  it('is given as it is when another client stored no JSON', async () => {
    const job = await pool.queue().add('turn', {});
    await pool.redis.hset(pool.keys.of(job.id ?? ''), 'finishedOn', 1, 'returnvalue', 'plain text');
    expect(await client.task(job.id ?? '').result()).toBe('plain text');
  });
});
