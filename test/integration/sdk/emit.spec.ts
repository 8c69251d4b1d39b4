import { type TaskContext, Terminal } from '@shunt/sdk';
import { describe, expect, onTestFinished } from 'vitest';
import { FaultProxy } from '../../support/fault-proxy.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { it, type SdkPool } from './sdk-pool.js';

/** What the pool's stream holds of a task's emitted values, as JSON. */
async function toldOf(pool: SdkPool, task: string): Promise<string[]> {
  const entries = await pool.redis.xrange(pool.keys.of('events'), '-', '+');
  return entries
    .filter(([, fields]) => fields[1] === 'data' && fields[3] === task)
    .map(([, fields]) => String(fields[5]));
}

describe('emit', () => {
  it('shares a round trip among the calls of a tick, and keeps each of them', async ({ pool, client }) => {
    let batches: unknown;
    pool.serve({
      turn: async (_, { emit, task }) => {
        await Promise.all(Array.from({ length: 200 }, (_, n) => emit(n)));
        batches = await pool.redis.hget(pool.keys.of(task.id), 'emitted');
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await task.result();
    expect(batches).toMatch(/ 1$/);
    expect(await toldOf(pool, task.id)).toEqual(Array.from({ length: 200 }, (_, n) => `${n}`));
  });

  it('is told to a plain QueueEvents as an event like others', async ({ pool }) => {
    const events = await pool.events();
    const heard: unknown[] = [];
    events.on('data' as never, ((told: unknown) => heard.push(told)) as never);
    pool.serve({ turn: (_, { emit }) => emit({ delta: 'x' }) });
    const job = await pool.queue().add('turn', { agentId: 'a' });
    await job.waitUntilFinished(events, 60_000);
    expect(heard).toEqual([{ jobId: job.id, value: '{"delta":"x"}' }]);
  });

  it.for([
    ['undefined', undefined, 'INVALID_INPUT', 'value'],
    ['a Date within', { at: [new Date()] }, 'INVALID_INPUT', 'value.at[0]'],
    ['300 KB', 'x'.repeat(300_000), 'PAYLOAD_TOO_LARGE', 'value'],
  ] as const)(
    'of %s is refused and harms nothing when nobody waits',
    async ([, value, code, field], { pool, client }) => {
      let refused: unknown;
      pool.serve({
        turn: async (_, { emit }) => {
          void emit(value);
          refused = await refusalOf(() => emit(value));
          await emit('well');
        },
      });
      const task = await client.enqueue('turn', 1, { agentId: 'a' });
      await task.result();
      expect(refused).toMatchObject({ code, details: [{ field }] });
      expect(await toldOf(pool, task.id)).toEqual(['"well"']);
    },
  );

  it('of a failed attempt stays, and the next one goes on behind it', async ({ pool, client }) => {
    pool.serve({
      turn: (_, { emit, attempt }) => {
        void emit(attempt);
        if (attempt === 1) throw new Error('not yet');
        throw new Terminal('no');
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a', attempts: 5 });
    const told = [];
    for await (const { type, value } of task.events()) told.push(type === 'data' ? value : type);
    expect(told.filter((one) => typeof one === 'number' || one === 'failed')).toEqual([1, 2, 'failed']);
    expect(told.indexOf(2)).toBe(told.length - 2);
  });

  it('of a task that was let run again is told as that of the first time', async ({ pool, client }) => {
    const values = [1, 2, 3];
    pool.serve({
      turn: async (_, { emit }) => {
        for (const value of values) await emit(value);
        throw new Error('no');
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await task.ended({ wait: '60s' });
    values.pop();
    await task.retry();
    await until(async () => (await toldOf(pool, task.id)).length === 5);
    expect(await toldOf(pool, task.id)).toEqual(['1', '2', '3', '1', '2']);
  });

  it.for([
    ['CANCELLED', {}],
    ['TASK_TIMEOUT', { timeout: 3000 }],
  ] as const)('is refused with %s once the attempt was aborted', async ([code, options], { pool, client }) => {
    const started = new Signal();
    const refused = new Signal<unknown>();
    pool.serve({
      turn: async (_, { emit, signal }) => {
        await emit('before');
        const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
        started.resolve();
        await aborted;
        refused.resolve(await refusalOf(() => emit('after')));
        signal.throwIfAborted();
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a', ...options });
    await started.seen;
    if (code === 'CANCELLED') await task.cancel();
    expect(await refused.seen).toMatchObject({ code });
    await task.ended({ wait: '60s' });
    expect(await toldOf(pool, task.id)).toEqual(['"before"']);
  });

  it('is refused once the attempt has ended', async ({ pool, client }) => {
    let ctx: TaskContext | undefined;
    pool.serve({
      turn: (_, given) => {
        ctx = given;
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await task.result();
    expect(await refusalOf(() => ctx?.emit(1))).toMatchObject({ code: 'LEASE_LOST' });
    expect(await toldOf(pool, task.id)).toEqual([]);
  });

  it('is told once when its reply was lost', async ({ pool, client }) => {
    const proxy = await FaultProxy.open(pool.url);
    onTestFinished(() => proxy.close());
    pool.serve(
      {
        turn: async (_, { emit }) => {
          for (let n = 0; n < 5; n++) {
            proxy.loseReplies();
            await emit(n);
          }
        },
      },
      { redis: proxy.url, lease: '30s', heartbeat: '10s' },
    );
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await task.result();
    expect(proxy.lost).toBeGreaterThanOrEqual(5);
    expect(await toldOf(pool, task.id)).toEqual(['0', '1', '2', '3', '4']);
  });

  it('gives up at its deadline, and later ones keep their order', async ({ pool, client }) => {
    const proxy = await FaultProxy.open(pool.url);
    onTestFinished(() => proxy.close());
    let refused: unknown;
    pool.serve(
      {
        turn: async (_, { emit }) => {
          await emit('before');
          proxy.become({ replies: { isHeld: true } });
          refused = await refusalOf(() => emit('unknown'));
          proxy.become({});
          await emit('after');
        },
      },
      { redis: proxy.url, lease: '60s', heartbeat: '20s' },
    );
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await task.result();
    expect(refused).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    expect(await toldOf(pool, task.id)).toEqual(['"before"', '"unknown"', '"after"']);
    // The connection that did not answer was replaced.
    pool.errors.length = 0;
  });

  it('is refused to a run whose lease is over, and its successor tells its own', async ({ pool, client }) => {
    const proxy = await FaultProxy.open(pool.url);
    onTestFinished(() => proxy.close());
    const refused = new Signal<unknown>();
    const first = pool.serve(
      {
        turn: async (_, { emit, signal }) => {
          await emit('first');
          const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
          proxy.become({ requests: { isHeld: true }, replies: { isHeld: true } });
          await aborted;
          refused.resolve(await refusalOf(() => emit('stale')));
          proxy.become({});
        },
      },
      { id: 'w1', redis: proxy.url, heartbeat: 100, lease: 3000 },
    );
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    expect(await refused.seen).toMatchObject({ code: 'LEASE_LOST' });
    await first.lane.pause();
    pool.serve({ turn: (_, { emit }) => emit('second') }, { id: 'w2' });
    await task.result();
    expect((await toldOf(pool, task.id)).at(-1)).toBe('"second"');
    expect(await toldOf(pool, task.id)).not.toContain('"stale"');
    // The lost lease.
    pool.errors.length = 0;
  });
});
