import { WrongWorker } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
let ran: string[];
beforeEach(() => {
  pool = new SdkPool();
  client = pool.client();
  ran = [];
});
afterEach(async () => {
  await pool.close();
  expect(pool.errors).toEqual([]);
});

/** A worker that refuses each `turn` until its gate is open, and runs `other`. */
function refuser(id: string, opened?: Signal, slots = 2) {
  return pool.serve(
    {
      turn: async (_, { task }) => {
        ran.push(`${id} refuses ${task.id.split('~')[0]}`);
        await opened?.seen;
        throw new WrongWorker('its files are elsewhere');
      },
      other: () => id,
    },
    { id, slots },
  );
}

/** A worker of one slot that `busy` keeps until the gate is open. */
function taker(id: string, opened: Signal, started = new Signal()) {
  return pool.serve(
    {
      turn: (_, { attempt }) => `${id}, attempt ${attempt}`,
      busy: async () => {
        started.resolve();
        await opened.seen;
      },
    },
    { id, slots: 1 },
  );
}

const isRoutable = async (id: string) => (await pool.redis.hexists(pool.keys.of('routable'), id)) === 1;
const lastMove = async () => (await pool.redis.xrevrange(pool.keys.of('journal'), '+', '-', 'COUNT', 1))[0]?.[1] ?? [];

/** A task that `w1` has refused and that waits for `w2`, which is full. */
async function refusedTask(options: object = {}) {
  const [opened, started, refused] = [new Signal(), new Signal(), new Signal()];
  taker('w2', opened, started);
  await client.enqueue('busy', null, { agentId: 'b' });
  await started.seen;
  refuser('w1', refused);
  await until(() => isRoutable('w1'));
  const task = await client.enqueue('turn', null, { agentId: 'a', ...options });
  await until(() => ran.length === 1);
  refused.resolve();
  await until(async () => (await task.status()).state === 'yard');
  return { task, opened };
}

describe('a task whose handler throws WrongWorker', () => {
  it('runs on another worker with its attempt uncounted, and its agent moves there', async () => {
    pool.dispatcher();
    const { task, opened } = await refusedTask();
    const next = await client.enqueue('turn', null, { agentId: 'a' });
    expect((await task.status()).attemptsMade).toBe(0);
    opened.resolve();
    expect([await task.result(), await next.result()]).toEqual(['w2, attempt 1', 'w2, attempt 1']);
    expect(ran).toEqual(['w1 refuses a']);
    expect(await lastMove()).toEqual(
      expect.arrayContaining(['moved', 'agent', 'a', 'from', 'w1', 'worker', 'w2', 'reason', 'wrong-worker']),
    );
    expect(await pool.redis.hget(pool.keys.of(task.id), 'refusals')).toBe('1');
    expect(await pool.redis.exists(pool.keys.of('avoids'))).toBe(0);
  });

  it.each([
    ['led by a dispatcher', true],
    ['without a dispatcher', false],
  ])('is left alone by the worker that refused it, which takes what is behind it, %s', async (_, isLed) => {
    if (isLed) pool.dispatcher();
    const { task, opened } = await refusedTask();
    expect(await (await client.enqueue('other', null, { agentId: 'c' })).result()).toBe('w1');
    expect((await task.status()).state).toBe('yard');
    opened.resolve();
    expect(await task.result()).toBe('w2, attempt 1');
    expect(ran).toEqual(['w1 refuses a']);
  });

  it('may come back to the worker that refused it once no other is left', async () => {
    pool.dispatcher();
    const { task, opened } = await refusedTask();
    const [w2] = pool.served('w2');
    const closing = w2?.close();
    const error = await refusalOf(() => task.result());
    expect(error.message).toBe('wrong worker: no other is left, w1 refused it: its files are elsewhere');
    expect(ran).toEqual(['w1 refuses a', 'w1 refuses a']);
    opened.resolve();
    await closing;
  });

  it('fails its attempt when every worker has refused it, and its agent goes on', async () => {
    pool.dispatcher();
    for (const id of ['w1', 'w2', 'w3']) refuser(id);
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 3);
    const task = await client.enqueue('turn', null, { agentId: 'a', attempts: 2 });
    const error = await refusalOf(() => task.result());
    expect(error.message).toMatch(
      /^wrong worker: no other is left, (w\d, ){2}w\d refused it: its files are elsewhere$/,
    );
    expect((await task.status()).attemptsMade).toBe(2);
    for (const attempt of [ran.slice(0, 3), ran.slice(3)]) {
      expect(attempt.sort()).toEqual(['w1 refuses a', 'w2 refuses a', 'w3 refuses a']);
    }
    expect(await pool.redis.hget(pool.keys.of(task.id), 'refusals')).toBe('4');
    expect(await (await client.enqueue('other', null, { agentId: 'a' })).result()).toMatch(/^w\d$/);
  });

  it('fails at once on the only worker, and again when it is retried by hand', async () => {
    pool.dispatcher();
    refuser('w1');
    const task = await client.enqueue('turn', null, { agentId: 'a' });
    expect((await refusalOf(() => task.result())).message).toContain('no other is left, w1 refused it');
    taker('w2', new Signal());
    await until(() => isRoutable('w2'));
    await (await pool.queue().getJob(task.id))?.retry();
    expect(await task.result()).toBe('w2, attempt 2');
    expect(ran).toEqual(['w1 refuses a', 'w1 refuses a']);
  });

  it('of no agent goes to another worker too', async () => {
    pool.dispatcher();
    const { task, opened } = await refusedTask({ agentId: undefined });
    opened.resolve();
    expect(await task.result()).toBe('w2, attempt 1');
  });

  it('leaves nothing behind when it is cancelled where it waits', async () => {
    pool.dispatcher();
    const { task, opened } = await refusedTask();
    expect(await task.cancel()).toBe('cancelled');
    expect(await pool.redis.exists(pool.keys.of('avoids'))).toBe(0);
    opened.resolve();
  });

  it('leaves nothing behind when it is removed where it waits, and its agent goes on', async () => {
    pool.dispatcher();
    const { task, opened } = await refusedTask();
    const next = await client.enqueue('turn', null, { agentId: 'a' });
    await (await pool.queue().getJob(task.id))?.remove();
    opened.resolve();
    expect(await next.result()).toBe('w2, attempt 1');
    expect(await pool.redis.exists(pool.keys.of('avoids'))).toBe(0);
  });
});
