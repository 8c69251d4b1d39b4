import { enqueueBatch } from '@shunt/lanes';
import { readInfo } from '@shunt/redis-server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { Countdown, Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from '../sdk/sdk-pool.js';

/** A pool with a Redis of its own, and ways to see and set how full that one is. */
async function roomyPool() {
  const redis = new RedisOfTest();
  await redis.up();
  const pool = new SdkPool(redis.url);
  onTestFinished(() => pool.close());
  const used = async () => Number(/^used_memory:(\d+)/m.exec(await readInfo(redis.url))?.[1]);
  /** Sets maxmemory so that what is used now is this share of it. */
  const fill = async (share: number) =>
    pool.redis.config('SET', 'maxmemory', String(Math.floor((await used()) / share)));
  const open = () => pool.redis.config('SET', 'maxmemory', '0');
  // So that a connection more or less does not matter.
  await pool.redis.eval("for i = 1, 400 do redis.call('SET', 'filler:' .. i, string.rep('x', 50000)) end", 0);
  const queue = pool.queue();
  queue.on('error', () => undefined);
  /** Adds plain jobs until Redis has no room for one more. */
  const overflow = async () => {
    for (let n = 0; ; n++) await queue.add('turn', { agentId: `p${n}`, filler: 'x'.repeat(20_000) });
  };
  return { redis, pool, fill, open, queue, overflow };
}

describe('a Redis that is full', () => {
  it('refuses tasks, while what it accepted goes on and makes room', async () => {
    const { pool, fill, overflow } = await roomyPool();
    const started = new Signal();
    const mayEnd = new Signal();
    const ran: unknown[] = [];
    pool.dispatcher();
    pool.serve(
      {
        hold: async (n: unknown, { signal }) => {
          started.resolve();
          await mayEnd.seen;
          ran.push(n, signal.aborted);
          return n;
        },
      },
      { slots: 2, lease: '4s' },
    );
    const client = pool.client({ timeout: '1s' });
    const first = await client.enqueue('hold', 1, { agentId: 'a' });
    const second = await client.enqueue('hold', 2, { agentId: 'a' });
    await started.seen;
    await fill(0.9);
    await expect(overflow()).rejects.toThrow(/^OOM /);

    const life = await pool.redis.hget(pool.keys.of('incarnations'), await workerOf(pool));
    const lease = async () => Number((await pool.redis.zrange(pool.keys.of('leases'), '0', '0', 'WITHSCORES'))[1]);
    const before = await lease();
    await until(async () => (await lease()) > before + 4000);
    mayEnd.resolve();
    expect(await Promise.all([first.result(), second.result()])).toEqual([1, 2]);
    expect(ran).toEqual([1, false, 2, false]);
    expect(await pool.redis.hget(pool.keys.of('incarnations'), await workerOf(pool))).toBe(life);
  });

  it('goes on with schedules', async () => {
    const { pool, fill } = await roomyPool();
    const [hasFired, hasFiredFull] = [new Countdown(2), new Countdown(2)];
    let isFull = false;
    pool.dispatcher();
    pool.serve({ tick: () => (isFull ? hasFiredFull : hasFired).tick() });
    await pool.client().schedules.upsert('s', { every: 40 }, 'tick', 0, { agentId: 'a' });
    await hasFired.zero;
    await fill(1.5);
    isFull = true;
    await hasFiredFull.zero;
    expect(pool.errors.filter(({ message }) => !message.includes('OOM'))).toEqual([]);
  });

  it('refuses what a handler emits, whose task ends all the same, and takes it when there is room', async () => {
    const { pool, fill, open } = await roomyPool();
    const [started, isFull] = [new Signal(), new Signal()];
    pool.dispatcher();
    pool.serve({
      turn: async (_, { emit }) => {
        started.resolve();
        await isFull.seen;
        const refused = await refusalOf(async () => {
          for (;;) await emit('x'.repeat(100_000));
        });
        await open();
        await emit('open');
        return refused.code;
      },
    });
    const task = await pool.client().enqueue('turn', 1, { agentId: 'a' });
    await started.seen;
    await fill(0.9);
    isFull.resolve();
    const told: unknown[] = [];
    for await (const { type, value } of task.events()) if (type === 'data') told.push(value);
    expect([told.at(-1), await task.result()]).toEqual(['open', 'STORE_UNAVAILABLE']);
  });

  it('answers a batch that was added before and is sent again', async () => {
    const { pool, fill } = await roomyPool();
    const task = (id: string) => ({ id, name: 'turn', data: '1', options: { attempts: 1 } });
    const first = await enqueueBatch(pool.redis, pool.keys, 'nonce', [task('a~1')]);
    await fill(1.5);
    expect(await enqueueBatch(pool.redis, pool.keys, 'nonce', [task('a~1')])).toEqual(first);
    await expect(enqueueBatch(pool.redis, pool.keys, 'other', [task('a~2')])).rejects.toThrow(/^OOM /);
  });

  it('lets a worker start, and take what waits', async () => {
    const { pool, fill, queue } = await roomyPool();
    pool.dispatcher();
    await until(async () => (await pool.redis.exists(pool.keys.of('leader'))) === 1);
    const job = await queue.add('turn', { agentId: 'a' });
    await fill(1.5);
    const refusal = await refusalOf(() => pool.client({ timeout: '1s' }).enqueue('turn', 1, { agentId: 'b' }));
    expect([refusal.code, refusal.message]).toEqual([
      'STORE_UNAVAILABLE',
      'Redis is out of memory (maxmemory reached)',
    ]);
    pool.serve({ turn: () => 'ran' });
    expect(await job.waitUntilFinished(await pool.events(), 20_000)).toBe('ran');
  });
});

describe('a pool whose Redis is three quarters full', () => {
  it('refuses tasks with a time to try again, runs what it has, and opens when there is room', async () => {
    const { pool, fill, open, queue } = await roomyPool();
    const mayEnd = new Signal();
    pool.serve({ turn: async (n: unknown) => mayEnd.seen.then(() => n) }, { slots: 2 });
    const dispatcher = pool.dispatcher();
    const client = pool.client();
    const accepted = await client.enqueue('turn', 1, { agentId: 'a' });
    await fill(0.8);
    await until(() => dispatcher.gate.closedBy !== null);

    const refusal = await refusalOf(() => client.enqueue('turn', 2, { agentId: 'b' }));
    expect(refusal).toMatchObject({ code: 'POOL_FULL', retryable: true, details: { retryAfterMs: 1000 } });
    expect(refusal.message).toBe('The pool is full: Redis has used three quarters of its memory; try again in 1000 ms');
    const [result] = await client.enqueueMany([{ task: 'turn', input: 3 }]);
    expect(result).toMatchObject({ ok: false, error: { code: 'POOL_FULL' } });
    expect(await pool.redis.hget(pool.keys.of('totals'), 'turned:memory')).toBe('2');
    const plain = await queue.add('turn', { agentId: 'c' });
    mayEnd.resolve();
    expect(await accepted.result()).toBe(1);
    expect(await plain.waitUntilFinished(await pool.events(), 20_000)).toEqual({ agentId: 'c' });

    await open();
    await until(() => dispatcher.gate.closedBy === null);
    expect(await (await client.enqueue('turn', 2, { agentId: 'b' })).result()).toBe(2);
  });

  it('opens by itself when its dispatchers are gone', async () => {
    const { pool, fill, open } = await roomyPool();
    const dispatcher = pool.dispatcher({ lease: 4000 });
    await fill(0.8);
    await until(() => dispatcher.gate.closedBy !== null);
    const client = pool.client();
    expect((await refusalOf(() => client.enqueue('turn', 1))).code).toBe('POOL_FULL');
    await dispatcher.stop();
    await open();
    await until(async () => (await pool.redis.exists(pool.keys.of('closed'))) === 0);
    expect((await client.enqueue('turn', 1)).deduplicated).toBe(false);
  });
});

describe('a pool with a limit of waiting tasks', () => {
  it('refuses tasks while as many wait, and opens when fewer do', async () => {
    const { pool } = await roomyPool();
    const dispatcher = pool.dispatcher({ maxWaiting: 10 });
    const client = pool.client();
    for (let n = 0; n < 10; n++) await client.enqueue('turn', n, { agentId: n < 5 ? 'a' : `b${n}` });
    await until(() => dispatcher.gate.closedBy !== null);
    const refusal = await refusalOf(() => client.enqueue('turn', 10));
    expect(refusal.code).toBe('POOL_FULL');
    expect(refusal.message).toBe('The pool is full: as many tasks wait as it allows; try again in 1000 ms');
    pool.serve({ turn: (n: number) => n });
    await until(() => dispatcher.gate.closedBy === null);
    expect(await (await client.enqueue('turn', 10)).result()).toBe(10);
  });
});

describe('a pool with a limit of how long a task waits', () => {
  it('refuses tasks while the next one has waited for longer, and opens when it has gone', async () => {
    const { pool } = await roomyPool();
    const dispatcher = pool.dispatcher({ maxWaitingAge: 100 });
    const client = pool.client();
    const first = await client.enqueue('turn', 1, { agentId: 'a' });
    await until(() => dispatcher.gate.closedBy === 'age');
    const refusal = await refusalOf(() => client.enqueue('turn', 2));
    expect(refusal.code).toBe('POOL_FULL');
    expect(refusal.message).toBe(
      'The pool is full: its next task has waited as long as it allows; try again in 1000 ms',
    );
    pool.serve({ turn: (n: number) => n });
    expect(await first.result()).toBe(1);
    await until(() => dispatcher.gate.closedBy === null);
    expect(await (await client.enqueue('turn', 3)).result()).toBe(3);
  });
});

async function workerOf(pool: SdkPool): Promise<string> {
  const [worker = ''] = await pool.redis.hkeys(pool.keys.of('incarnations'));
  return worker;
}
