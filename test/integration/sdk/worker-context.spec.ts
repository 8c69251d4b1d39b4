import { type TaskContext, Terminal } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '../../support/pool.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
beforeEach(() => {
  pool = new SdkPool();
  client = pool.client();
  pool.dispatcher();
});
afterEach(async () => {
  await pool.close();
  expect(pool.errors).toEqual([]);
});

/** Serves a handler that keeps every context it was given. */
function contexts(options = {}): TaskContext[] {
  const seen: TaskContext[] = [];
  pool.serve({ turn: (_input, ctx) => void seen.push(ctx) }, options);
  return seen;
}

describe('a handler', () => {
  it('gets the input as it was sent', async () => {
    const inputs: unknown[] = [];
    pool.serve({ turn: (input) => void inputs.push(input) });
    const sent = [null, 'text', 0, false, { a: [1, { b: 'ü 😀' }], empty: {} }];
    for (const input of sent) await (await client.enqueue('turn', input, { agentId: 'a' })).result();
    expect(inputs).toEqual(sent);
  });

  it('knows its task and its agent by the id its caller used', async () => {
    const seen = contexts();
    const task = await client.enqueue('turn', 1, { agentId: 'Ünï ~/:{x}' });
    await task.result();
    expect(seen[0]).toMatchObject({
      task: { id: task.id, name: 'turn' },
      attempt: 1,
      agent: { id: 'Ünï ~/:{x}', home: 'cold' },
    });
    expect(seen[0]?.agent?.fence).toBeGreaterThan(0);
    expect(seen[0]?.signal.aborted).toBe(false);
  });

  it('has no agent for a task without one', async () => {
    const seen = contexts();
    await (await client.enqueue('turn', 1)).result();
    expect(seen[0]?.agent).toBeNull();
  });

  it('finds its home cold first, warm after, and the fence unchanged', async () => {
    const seen = contexts();
    for (let n = 0; n < 3; n++) await (await client.enqueue('turn', n, { agentId: 'a' })).result();
    expect(seen.map((ctx) => ctx.agent?.home)).toEqual(['cold', 'warm', 'warm']);
    expect(new Set(seen.map((ctx) => ctx.agent?.fence)).size).toBe(1);
  });

  it('knows which attempt it is', async () => {
    const attempts: number[] = [];
    pool.serve({
      turn: (_, { attempt }) => {
        attempts.push(attempt);
        if (attempt < 3) throw new Error('not yet');
      },
    });
    await (await client.enqueue('turn', 1, { agentId: 'a', attempts: 5 })).result();
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('that throws Terminal is not called again', async () => {
    let calls = 0;
    pool.serve({
      turn: () => {
        calls++;
        throw new Terminal('no such account');
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a', attempts: 5 });
    await expect(task.result()).rejects.toMatchObject({ code: 'TASK_FAILED', message: 'no such account' });
    expect(calls).toBe(1);
  });
});

describe('progress and log', () => {
  it('reach who reads the job', async () => {
    const events = await pool.events();
    const progressed = new Signal<unknown>();
    events.on('progress', ({ data }) => progressed.resolve(data));
    pool.serve({
      turn: async (_, ctx) => {
        await ctx.log('half way');
        await ctx.log('x'.repeat(100_000));
        await ctx.progress({ percent: 50 });
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await task.result();
    expect(await progressed.seen).toEqual({ percent: 50 });
    const { logs } = await pool.queue().getJobLogs(task.id);
    expect(logs).toEqual(['half way', 'x'.repeat(64 * 1024)]);
    expect(await pool.redis.hget(pool.keys.of(task.id), 'progress')).toBe('{"percent":50}');
  });

  it('of a flood keep the newest and leave the stream to others', async () => {
    pool.serve({
      turn: async (_, ctx) => {
        for (let n = 0; n < 100_000; n++) void ctx.progress(n);
        await ctx.progress(100_000);
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await task.result();
    expect(await pool.redis.hget(pool.keys.of(task.id), 'progress')).toBe('100000');
    expect(await pool.redis.xlen(pool.keys.of('events'))).toBeLessThan(20);
  });

  it.each([
    ['NaN', Number.NaN],
    ['a text', 'half'],
    ['null', null],
    ['a circle', circle()],
    ['70 KB', { text: 'x'.repeat(70_000) }],
  ])('of %s are refused and harm nothing when nobody waits', async (_, value) => {
    const refused = new Signal<unknown>();
    pool.serve({
      turn: async (_input, ctx) => {
        void ctx.progress(value as never);
        await ctx.progress(value as never).catch(refused.resolve);
        return 'done';
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    expect(await task.result()).toBe('done');
    expect(await refused.seen).toMatchObject({ code: 'INVALID_TASK', message: expect.stringContaining('progress') });
  });
});

function circle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
