import { connect, createWorker } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Countdown } from '../../support/pool.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
beforeEach(() => {
  pool = new SdkPool();
});
afterEach(async () => {
  await pool.close();
});

const optionsOf = async (id: string) => JSON.parse((await pool.redis.hget(pool.keys.of(id), 'opts')) ?? '{}');

describe('enqueue', () => {
  it("makes a task whose id begins with its agent's key", async () => {
    const client = pool.client();
    const owned = await client.enqueue('turn', { n: 1 }, { agentId: 'a b' });
    expect(owned.id).toMatch(/^a%20b~[0-9A-Z]{26}$/);
    expect(owned.deduplicated).toBe(false);
    const free = await client.enqueue('turn', null);
    expect(free.id).toMatch(/^~[0-9A-Z]{26}$/);
    const [name, data] = await pool.redis.hmget(pool.keys.of(owned.id), 'name', 'data');
    expect([name, data]).toEqual(['turn', '{"n":1}']);
  });

  it('keeps the order of an agent across calls, awaited or not', async () => {
    const client = pool.client();
    const ran: number[] = [];
    const done = new Countdown(60);
    for (let n = 0; n < 30; n++) void client.enqueue('turn', n, { agentId: 'a' });
    await client.enqueue('turn', 30, { agentId: 'a' });
    await client.enqueueMany(
      Array.from({ length: 29 }, (_, i) => ({ task: 'turn', input: 31 + i, options: { agentId: 'a' } })),
    );
    pool.dispatcher();
    pool.serve(
      {
        turn: (n: number) => {
          ran.push(n);
          done.tick();
        },
      },
      { slots: 4 },
    );
    await done.zero;
    expect(ran).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  it('puts attempts, backoff and keep into the options of the job', async () => {
    const client = pool.client();
    const plain = await client.enqueue('turn', 1);
    expect(await optionsOf(plain.id)).toEqual({
      attempts: 1,
      removeOnComplete: { age: 3600, count: 10_000 },
      removeOnFail: { age: 7 * 24 * 3600, count: 10_000 },
    });
    const full = await client.enqueue('turn', 1, {
      attempts: 5,
      backoff: { type: 'exponential', delay: '2s', jitter: 0.5 },
      priority: 7,
      keep: { completed: false, failed: { age: '1500ms', count: 3 } },
    });
    expect(await optionsOf(full.id)).toEqual({
      attempts: 5,
      backoff: { type: 'exponential', delay: 2000, jitter: 0.5 },
      priority: 7,
      removeOnComplete: true,
      removeOnFail: { age: 2, count: 3 },
    });
  });

  it('runs a delayed task when it is due', async () => {
    pool.dispatcher();
    pool.serve({ turn: () => Date.now() });
    const startedAt = Date.now();
    const task = await pool.client().enqueue('turn', null, { agentId: 'a', delay: '80ms' });
    expect(Number(await task.result())).toBeGreaterThanOrEqual(startedAt + 80);
  });
});

describe('an idempotency id', () => {
  it('leads to the same task as often as name and input are the same', async () => {
    const client = pool.client();
    const first = await client.enqueue('turn', { n: 1 }, { agentId: 'a', id: 'request 1' });
    expect(first.id).toBe('a~request%201');
    const again = await client.enqueue('turn', { n: 1 }, { agentId: 'a', id: 'request 1' });
    expect([again.id, again.deduplicated]).toEqual([first.id, true]);
    const calls = Array.from({ length: 20 }, () => client.enqueue('turn', 2, { agentId: 'a', id: 'x' }));
    const handles = await Promise.all(calls);
    expect(handles.filter(({ deduplicated }) => !deduplicated)).toHaveLength(1);
  });

  it('belongs to its agent', async () => {
    const client = pool.client();
    await client.enqueue('turn', 1, { agentId: 'a', id: 'x' });
    expect((await client.enqueue('turn', 2, { agentId: 'b', id: 'x' })).deduplicated).toBe(false);
    expect((await client.enqueue('turn', 3, { id: 'x' })).deduplicated).toBe(false);
  });

  it.each([
    ['another input', 'turn', { secret: 'hunter2', n: 2 }],
    ['another name', 'other', { n: 1 }],
  ])('is a CONFLICT with %s', async (_, name, input) => {
    const client = pool.client();
    await client.enqueue('turn', { n: 1 }, { agentId: 'a', id: 'x' });
    const error = await refusalOf(() => client.enqueue(name, input, { agentId: 'a', id: 'x' }));
    expect(error.code).toBe('CONFLICT');
    expect(error.message).not.toContain('hunter2');
    expect(await pool.redis.hget(pool.keys.of('a~x'), 'data')).toBe('{"n":1}');
  });

  it.each(['meta', 'wait', '__proto__', '42', '../x', 'a:b', '{x}', '*', 'a~b'])('may be %s', async (id) => {
    pool.dispatcher();
    pool.serve({ turn: () => 'ran' });
    const task = await pool.client().enqueue('turn', 1, { agentId: id, id });
    expect(await task.result()).toBe('ran');
  });
});

describe('dedup', () => {
  it('of mode simple drops repeats until the task has ended', async () => {
    const client = pool.client();
    const dedup = { key: 'k' };
    const first = await client.enqueue('turn', 1, { agentId: 'a', dedup });
    const second = await client.enqueue('turn', 2, { agentId: 'a', dedup });
    expect([second.id, second.deduplicated]).toEqual([first.id, true]);
    pool.dispatcher();
    pool.serve({ turn: (n: number) => n });
    expect(await second.result()).toBe(1);
    expect((await client.enqueue('turn', 3, { agentId: 'a', dedup })).deduplicated).toBe(false);
  });

  it('of mode throttle drops repeats for its ttl, also after the end', async () => {
    pool.dispatcher();
    pool.serve({ turn: (n: number) => n });
    const client = pool.client();
    const first = await client.enqueue('turn', 1, { agentId: 'a', dedup: { key: 'k', ttl: '1h' } });
    await first.result();
    const second = await client.enqueue('turn', 2, { agentId: 'a', dedup: { key: 'k', ttl: '1h' } });
    expect([second.id, second.deduplicated]).toEqual([first.id, true]);
    await pool.redis.del(pool.keys.of('de:k'));
    expect((await client.enqueue('turn', 3, { agentId: 'a', dedup: { key: 'k', ttl: '1h' } })).deduplicated).toBe(
      false,
    );
  });

  it('of mode debounce runs the last repeat, once', async () => {
    const ran: number[] = [];
    pool.dispatcher();
    pool.serve({ turn: (n: number) => ran.push(n) });
    const client = pool.client();
    const dedup = { key: 'k', mode: 'debounce', ttl: '2s' } as const;
    await client.enqueue('turn', 1, { agentId: 'a', dedup });
    await client.enqueue('turn', 2, { agentId: 'a', dedup });
    const last = await client.enqueue('turn', 3, { agentId: 'a', dedup });
    await last.result();
    expect(ran).toEqual([3]);
  });
});

describe('two clients', () => {
  it('of one pool see the same tasks, of two pools do not', async () => {
    const task = await pool.client().enqueue('turn', 1, { agentId: 'a', id: 'x' });
    expect((await pool.client().task(task.id).status()).state).toBe('yard');
    expect(
      (
        await pool
          .client({ pool: `${pool.pool}-other` })
          .task(task.id)
          .status()
      ).state,
    ).toBe('missing');
    expect(
      (
        await pool
          .client({ prefix: `${pool.pool}.p` })
          .task(task.id)
          .status()
      ).state,
    ).toBe('missing');
  });
});

describe('connect and createWorker', () => {
  it('refuse bad options before they open a connection', async () => {
    expect((await refusalOf(() => connect({ poll: 'x' } as never))).message).toBe(
      'poll is not a known option: did you mean pool?',
    );
    expect((await refusalOf(() => createWorker({ handlers: {} }))).code).toBe('INVALID_CONFIG');
  });
});
