import { setTimeout as sleep } from 'node:timers/promises';
import { cancelledReason } from '@shunt/lanes';
import type { EnqueueOptions, TaskHandle, TaskStatus } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '../../support/pool.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
let gate: Signal;
let ran: string[];
beforeEach(() => {
  pool = new SdkPool();
  client = pool.client();
  gate = new Signal();
  ran = [];
});
afterEach(async () => {
  gate.resolve();
  await pool.close();
  expect(pool.errors).toEqual([]);
});

const handlers = {
  note: (name: string) => void ran.push(name),
  gate: () => gate.seen,
  fail: () => {
    throw new Error('not yet');
  },
};
const serve = () => {
  pool.dispatcher();
  return pool.serve(handlers);
};
const note = (name: string, options: EnqueueOptions = {}) => client.enqueue('note', name, { agentId: 'a', ...options });

async function seenIn(state: TaskStatus['state'], task: TaskHandle): Promise<void> {
  while ((await task.status()).state !== state) await sleep(5);
}

async function expectCancelled(task: TaskHandle): Promise<void> {
  expect(await task.cancel()).toBe('cancelled');
  expect(await task.status()).toMatchObject({ state: 'failed', failedReason: cancelledReason });
  expect((await refusalOf(() => task.result())).code).toBe('CANCELLED');
  expect(await task.cancel()).toBe('finished');
}

describe('cancel', () => {
  it('of a task in the yard lets its agent go on', async () => {
    const first = await note('first');
    const second = await note('second');
    await expectCancelled(first);
    expect((await second.status()).state).toBe('yard');
    serve();
    await second.result();
    expect(ran).toEqual(['second']);
  });

  it('of a task in a mailbox leaves the others in order', async () => {
    const tasks = [await note('1'), await note('2'), await note('3')];
    await expectCancelled(tasks[1] as TaskHandle);
    expect(await pool.redis.get(pool.keys.of('mailboxed'))).toBe('1');
    serve();
    await tasks[2]?.result();
    expect(ran).toEqual(['1', '3']);
  });

  it('of a task in a lane lets its agent go on', async () => {
    serve();
    await (await note('home')).result();
    const blocking = await client.enqueue('gate', null, { agentId: 'b' });
    await seenIn('running', blocking);
    const first = await note('first');
    const second = await note('second');
    expect((await first.status()).state).toBe('lane');
    await expectCancelled(first);
    expect((await second.status()).state).toBe('lane');
    gate.resolve();
    await second.result();
    expect(ran).toEqual(['home', 'second']);
  });

  it('of a task in the intake, of any producer, lets its agent go on', async () => {
    const queue = pool.queue();
    const [first, second, ranked] = await queue.addBulk([
      { name: 'note', data: { agentId: 'a' } },
      { name: 'note', data: { agentId: 'a' } },
      { name: 'note', data: { agentId: 'a' }, opts: { priority: 3 } },
    ]);
    await expectCancelled(client.task(first?.id ?? ''));
    await expectCancelled(client.task(ranked?.id ?? ''));
    serve();
    await client.task(second?.id ?? '').result();
    expect(ran).toHaveLength(1);
  });

  it('of a task with a delay of its own never runs it', async () => {
    const later = await note('later', { delay: '1h' });
    await note('now');
    expect((await later.status()).state).toBe('delayed');
    await expectCancelled(later);
    expect(await pool.redis.zcard(pool.keys.of('delayed'))).toBe(0);
    serve();
    await (await note('after')).result();
    expect(ran).toEqual(['now', 'after']);
  });

  it('of a task that waits for its retry lets its agent go on', async () => {
    serve();
    const failing = await client.enqueue('fail', null, { agentId: 'a', attempts: 3, backoff: '1h' });
    const next = await note('next');
    await seenIn('delayed', failing);
    expect((await next.status()).state).toBe('mailbox');
    await expectCancelled(failing);
    await next.result();
    expect(ran).toEqual(['next']);
  });

  it('of a task without an agent ends it too', async () => {
    const free = await client.enqueue('note', 'free');
    await expectCancelled(free);
    expect(await pool.redis.zcard(pool.keys.of('yard'))).toBe(0);
  });

  it('changes nothing for a task that has finished or is missing', async () => {
    serve();
    const task = await note('done');
    await task.result();
    expect(await task.cancel()).toBe('finished');
    expect((await task.status()).state).toBe('completed');
    expect(await client.task('a~nothing').cancel()).toBe('missing');
  });

  it('of a running task aborts it, which ends it for good, and its agent goes on', async () => {
    const reasons: unknown[] = [];
    pool.dispatcher();
    pool.serve({
      note: handlers.note,
      wait: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            reject(new Error('stopped'));
          });
        }),
    });
    const running = await client.enqueue('wait', null, { agentId: 'a', attempts: 5 });
    const next = await note('next');
    await seenIn('running', running);
    expect(await running.cancel()).toBe('cancelling');
    expect((await refusalOf(() => running.result())).code).toBe('CANCELLED');
    await next.result();
    expect([reasons, ran]).toEqual([['cancelled'], ['next']]);
    expect((await running.status()).failedReason).toBe('cancelled while it ran');
  });

  it('of a running task that ends well in spite of it changes nothing', async () => {
    pool.dispatcher();
    pool.serve({
      stubborn: (_, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve('finished'))),
    });
    const running = await client.enqueue('stubborn', null, { agentId: 'a' });
    await seenIn('running', running);
    await running.cancel();
    expect(await running.result()).toBe('finished');
  });

  it('of a running task that goes back to wait ends it before it runs again', async () => {
    let starts = 0;
    pool.dispatcher();
    // It never hears of the cancel: its next heartbeat is far away.
    pool.serve(
      {
        flaky: async () => {
          starts++;
          await gate.seen;
          throw new Error('not yet');
        },
      },
      { heartbeat: '10m', lease: '1h' },
    );
    const running = await client.enqueue('flaky', null, { agentId: 'a', attempts: 5, backoff: 1 });
    await seenIn('running', running);
    expect(await running.cancel()).toBe('cancelling');
    gate.resolve();
    expect((await refusalOf(() => running.result())).code).toBe('CANCELLED');
    expect(starts).toBe(1);
  });

  it('is told in the journal: of which task, by whom and why, once', async () => {
    const other = await client.enqueue('note', 'other');
    await other.cancel();
    serve();
    const [running, waiting] = [await client.enqueue('gate', null, { agentId: 'a' }), await note('waiting')];
    await seenIn('running', running);
    await waiting.cancel({ by: 'anna', reason: 'not needed' });
    expect(await waiting.cancel({ by: 'bob' })).toBe('finished');
    for (const by of ['bob', 'carl']) expect(await running.cancel({ by })).toBe('cancelling');
    await running.cancel({ by: 'dora', force: true });
    gate.resolve();
    const { entries } = await client.pool.past({ limit: 100 });
    const told = entries.map(({ fields }) => fields).filter(({ event }) => event?.startsWith('cancel'));
    expect(told.reverse()).toEqual([
      { event: 'cancelled', task: other.id, by: 'sdk' },
      { event: 'cancelled', task: waiting.id, agent: 'a', by: 'anna', why: 'not needed' },
      { event: 'cancelling', task: running.id, agent: 'a', by: 'bob' },
      { event: 'cancelled', task: running.id, agent: 'a', by: 'dora' },
    ]);
    await expect(other.cancel({ by: '' })).rejects.toMatchObject({ code: 'INVALID_INPUT', details: [{ field: 'by' }] });
  });

  it('frees a simple deduplication key', async () => {
    const first = await note('first', { dedup: { key: 'k' } });
    await first.cancel();
    expect((await note('second', { dedup: { key: 'k' } })).deduplicated).toBe(false);
  });

  it('racing with others ends each task once', async () => {
    const tasks = await Promise.all(Array.from({ length: 50 }, (_, n) => note(`${n}`)));
    serve();
    const outcomes = await Promise.all(tasks.flatMap((task) => [task.cancel(), task.cancel()]));
    const last = await note('last');
    await last.result();
    expect(ran.length - 1).toBe(50 - outcomes.filter((outcome) => outcome === 'cancelled').length);
  });
});
