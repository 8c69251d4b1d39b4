import { orderBreaker, promote, redisTimeMs } from '@shunt/lanes';
import { createWorker, WrongWorker } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { joined, noting, told } from '../../support/agents-pool.js';
import { it, until } from '../../support/pool-test.js';

describe('a pinned agent', () => {
  it('runs where it is pinned from its first task on, whatever the strategy says', async ({ pool }) => {
    pool.dispatcher();
    const others = ['w1', 'w2', 'w3'].map((id) => noting(pool, id));
    const home = noting(pool, 'w4');
    await joined(pool, 4);
    const client = pool.client();
    await client.agents.pin('a', 'w4');
    for (const name of ['one', 'two', 'three']) await (await client.enqueue(name, {}, { agentId: 'a' })).result();
    expect(home.ran).toEqual(['one', 'two', 'three']);
    expect(others.flatMap(({ ran }) => ran)).toEqual([]);
    expect(await told(pool, 'a')).toEqual(['pinned w4 strict', 'placed w4 pinned']);
    expect(await pool.redis.hget(pool.keys.of('bound'), 'pinned')).toBe('1');
  });

  it('that runs elsewhere ends its task there, and has the next one where it is pinned', async ({ pool }) => {
    pool.dispatcher();
    const first = noting(pool, 'w1');
    await joined(pool, 1);
    const client = pool.client();
    const running = await client.enqueue('one', { held: true }, { agentId: 'a' });
    await until(() => first.ran.length === 1);
    const second = noting(pool, 'w2');
    await joined(pool, 2);
    const next = await client.enqueue('two', {}, { agentId: 'a' });
    await client.agents.pin('a', 'w2');
    expect(await client.agents.get('a')).toMatchObject({
      id: 'a',
      home: 'w1',
      task: { id: running.id, state: 'running', worker: 'w1' },
      waiting: 1,
      pin: { worker: 'w2', kind: 'strict', untilMs: null },
    });
    first.go.resolve();
    await next.result();
    expect([first.ran, second.ran]).toEqual([['one'], ['two']]);
    expect(await told(pool, 'a')).toEqual(['placed w1 new', 'pinned w2 strict', 'moved w2 pinned']);
  });

  it('whose task waits for a busy home goes to the pin at once', async ({ pool }) => {
    pool.dispatcher({ affinity: 'strict' });
    const busy = noting(pool, 'w1');
    const client = pool.client();
    await (await client.enqueue('one', {}, { agentId: 'a' })).result();
    await client.enqueue('blocker', { held: true }, { agentId: 'b' });
    await until(() => busy.ran.length === 2);
    const waiting = await client.enqueue('two', {}, { agentId: 'a' });
    const other = noting(pool, 'w2');
    await joined(pool, 2);
    await client.agents.pin('a', 'w2');
    await waiting.result();
    expect(other.ran).toEqual(['two']);
    busy.go.resolve();
  });

  it('is not taken by an idle worker while its own is busy, until it is unpinned', async ({ pool }) => {
    pool.dispatcher({ spillAfter: 0 });
    const home = noting(pool, 'w1');
    const client = pool.client();
    await joined(pool, 1);
    await client.agents.pin('a', 'w1');
    await client.enqueue('blocker', { held: true }, { agentId: 'b' });
    await until(() => home.ran.length === 1);
    const stranger = noting(pool, 'w2');
    await joined(pool, 2);
    const waiting = await client.enqueue('one', {}, { agentId: 'a', affinity: 'none' });
    const next = await client.enqueue('two', {}, { agentId: 'a' });
    expect(await waiting.status()).toMatchObject({ state: 'lane', worker: 'w1' });
    expect(await pool.redis.exists(pool.keys.of('stealable'))).toBe(0);
    expect(await client.agents.unpin('a')).toBe(true);
    await next.result();
    expect(stranger.ran).toEqual(['one', 'two']);
    home.go.resolve();
    expect(await told(pool, 'a')).toEqual([
      'pinned w1 strict',
      'placed w1 pinned',
      'unpinned w1 sdk',
      'moved w2 idle-pull',
    ]);
    expect(await client.agents.unpin('a')).toBe(false);
  });

  it('may be taken once its pin is over by the clock of Redis', async ({ pool }) => {
    pool.dispatcher({ spillAfter: 0 });
    const home = noting(pool, 'w1');
    const client = pool.client();
    await joined(pool, 1);
    await client.enqueue('blocker', { held: true }, { agentId: 'b' });
    await until(() => home.ran.length === 1);
    const stranger = noting(pool, 'w2');
    await joined(pool, 2);
    await client.agents.pin('a', 'w1', { ttl: 2000 });
    const { pin } = await client.agents.get('a');
    const task = await client.enqueue('one', {}, { agentId: 'a' });
    await task.result();
    expect(stranger.ran).toEqual(['one']);
    expect((await task.status()).startedAt).toBeGreaterThanOrEqual(pin?.untilMs ?? Number.NaN);
    expect((await client.agents.get('a')).pin).toBeNull();
    await (await client.enqueue('two', {}, { agentId: 'a' })).result();
    expect(await told(pool, 'a')).toContain('unpinned w1 ttl');
    home.go.resolve();
  });

  it('waits while its worker drains, and goes on there', async ({ pool }) => {
    pool.dispatcher();
    const first = noting(pool, 'w1');
    const second = noting(pool, 'w2');
    await joined(pool, 2);
    const client = pool.client();
    await client.agents.pin('a', 'w1');
    await (await client.enqueue('one', {}, { agentId: 'a' })).result();
    await first.worker.pause();
    const task = await client.enqueue('two', {}, { agentId: 'a' });
    expect((await task.status()).state).toBe('delayed');
    first.worker.resume();
    await task.result({ timeout: '60s' });
    expect([first.ran, second.ran]).toEqual([['one', 'two'], []]);
  });

  it('stays with a worker whose breaker opens, and waits for it', async ({ pool }) => {
    pool.dispatcher();
    const first = noting(pool, 'w1');
    const second = noting(pool, 'w2');
    await joined(pool, 2);
    const client = pool.client();
    await client.agents.pin('a', 'w1');
    await client.agents.pin('b', 'w1');
    const blocker = await client.enqueue('blocker', { held: true }, { agentId: 'b' });
    await until(() => first.ran.length === 1);
    const task = await client.enqueue('one', {}, { agentId: 'a' });
    expect(await task.status()).toMatchObject({ state: 'lane', worker: 'w1' });
    await orderBreaker(pool.redis, pool.keys, 'w1', 'open', { by: 'test' });
    await until(async () => (await task.status()).state === 'delayed');
    first.go.resolve();
    await blocker.result();
    await orderBreaker(pool.redis, pool.keys, 'w1', 'closed', { by: 'test' });
    await task.result({ timeout: '60s' });
    expect([first.ran, second.ran]).toEqual([['blocker', 'one'], []]);
  });

  it('waits for a worker that died, with the task that ran there, until it is back', async ({ pool }) => {
    pool.dispatcher();
    const dying = noting(pool, 'w1', { lease: 2000 });
    const other = noting(pool, 'w2');
    await joined(pool, 2);
    const client = pool.client();
    await client.agents.pin('a', 'w1');
    const ran = await client.enqueue('one', { held: true }, { agentId: 'a' });
    const next = await client.enqueue('two', {}, { agentId: 'a' });
    await until(() => dying.ran.length === 1);
    await dying.worker.close(true);
    await until(async () => (await ran.status()).state === 'delayed');
    expect(await next.status()).toMatchObject({ state: 'mailbox' });
    dying.go.resolve();
    const back = noting(pool, 'w1');
    back.go.resolve();
    await next.result({ timeout: '60s' });
    expect([back.ran, other.ran]).toEqual([['one', 'two'], []]);
  });

  it('with a soft pin runs elsewhere while its worker takes nothing, and comes back', async ({ pool }) => {
    pool.dispatcher();
    const first = noting(pool, 'w1');
    const second = noting(pool, 'w2');
    await joined(pool, 2);
    const client = pool.client();
    await client.agents.pin('a', 'w1', { soft: true });
    await (await client.enqueue('one', {}, { agentId: 'a' })).result();
    await first.worker.pause();
    await (await client.enqueue('two', {}, { agentId: 'a' })).result();
    first.worker.resume();
    await joined(pool, 2);
    await (await client.enqueue('three', {}, { agentId: 'a' })).result();
    expect([first.ran, second.ran]).toEqual([['one', 'three'], ['two']]);
  });

  it('goes back to the yard within a second of the end of a pin on a worker that is away', async ({ pool }) => {
    pool.dispatcher();
    const away = noting(pool, 'w1');
    const other = noting(pool, 'w2');
    await joined(pool, 2);
    await away.worker.pause();
    const client = pool.client();
    await client.agents.pin('a', 'w1', { ttl: '2s' });
    const task = await client.enqueue('one', {}, { agentId: 'a' });
    expect((await task.status()).state).toBe('delayed');
    await task.result({ timeout: '60s' });
    expect(other.ran).toEqual(['one']);
  });

  it('waits no longer than the ttl of its task', async ({ pool }) => {
    pool.dispatcher();
    const away = noting(pool, 'w1');
    await joined(pool, 1);
    await away.worker.pause();
    const client = pool.client();
    await client.agents.pin('a', 'w1');
    const task = await client.enqueue('one', {}, { agentId: 'a', ttl: 200 });
    await expect(task.result({ timeout: '60s' })).rejects.toThrow(/expired/);
  });

  it('is remembered as long as its pin, and not longer than a session after it', async ({ pool }) => {
    noting(pool, 'w1');
    await joined(pool, 1);
    pool.dispatcher({ sessionTtl: 5000 });
    const client = pool.client({ sessionTtl: 5000 });
    const key = pool.keys.of('agent:a');
    await client.agents.pin('a', 'w1');
    expect(await pool.redis.pttl(key)).toBe(-1);
    await (await client.enqueue('one', {}, { agentId: 'a' })).result();
    expect(await pool.redis.pttl(key)).toBe(-1);
    await client.agents.pin('a', 'w1', { ttl: '1h' });
    expect(await pool.redis.pttl(key)).toBeGreaterThan(3_500_000);
    await client.agents.unpin('a');
    expect(await pool.redis.pttl(key)).toBeLessThanOrEqual(5000);
    expect(await pool.redis.pttl(key)).toBeGreaterThan(0);
  });

  it('fails an attempt that its worker refuses, as no other may run it', async ({ pool }) => {
    pool.dispatcher();
    const handlers = {
      turn: () => {
        throw new WrongWorker('not mine');
      },
    };
    const worker = createWorker({ redis: pool.url, pool: pool.pool, id: 'w1', handlers });
    const ended = worker.run();
    const other = noting(pool, 'w2');
    await joined(pool, 2);
    const client = pool.client();
    await client.agents.pin('a', 'w1');
    const task = await client.enqueue('turn', {}, { agentId: 'a' });
    await expect(task.result()).rejects.toThrow('wrong worker: no other is left, w1 refused it');
    expect(other.ran).toEqual([]);
    await worker.close();
    await ended;
  });

  it('does not move before its retry is due', async ({ pool }) => {
    pool.dispatcher();
    let attempts = 0;
    pool.worker(
      async () => {
        if (attempts++ === 0) throw new Error('a planned failure');
      },
      { workerId: 'w1' },
    );
    const client = pool.client();
    const task = await client.enqueue('one', {}, { agentId: 'a', attempts: 2, backoff: '10m' });
    await until(async () => (await task.status()).state === 'delayed');
    const other = noting(pool, 'w2');
    await joined(pool, 2);
    await client.agents.pin('a', 'w2');
    expect((await task.status()).state).toBe('delayed');
    await promote(pool.redis, pool.keys, 10, 60_000, (await redisTimeMs(pool.redis)) + 700_000);
    await task.result();
    expect(other.ran).toEqual(['one']);
  });
});

describe('a move', () => {
  it('brings an agent to a worker once, and leaves it free after that', async ({ pool }) => {
    pool.dispatcher();
    const first = noting(pool, 'w1');
    const client = pool.client();
    await (await client.enqueue('one', {}, { agentId: 'a' })).result();
    const second = noting(pool, 'w2');
    await joined(pool, 2);
    await client.agents.move('a', 'w2');
    expect((await client.agents.get('a')).pin).toMatchObject({ worker: 'w2', kind: 'once' });
    await (await client.enqueue('two', {}, { agentId: 'a' })).result();
    expect([first.ran, second.ran]).toEqual([['one'], ['two']]);
    expect(await client.agents.get('a')).toMatchObject({ home: 'w2', pin: null });
  });
});

describe('a pin', () => {
  it('on a worker nobody knows is refused by its name', async ({ pool }) => {
    const { agents } = pool.client();
    await expect(agents.pin('a', 'w9')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'there is no such worker in this pool',
    });
    expect(await pool.redis.exists(pool.keys.of('agent:a'))).toBe(0);
  });

  it('on a worker that lacks a label of a waiting task is refused by the label', async ({ pool }) => {
    noting(pool, 'w1');
    await joined(pool, 1);
    const client = pool.client();
    await client.enqueue('one', {}, { agentId: 'a', labels: { gpu: 'a100' } });
    await expect(client.agents.pin('a', 'w1')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'worker w1 does not carry gpu=a100, which a waiting task of the agent requires',
    });
  });

  it('never overrules a label: the task waits', async ({ pool }) => {
    pool.dispatcher();
    noting(pool, 'w1');
    noting(pool, 'w2', { labels: { gpu: 'a100' } });
    await joined(pool, 2);
    const client = pool.client();
    await client.agents.pin('a', 'w1');
    const task = await client.enqueue('one', {}, { agentId: 'a', labels: { gpu: 'a100' } });
    expect((await task.status()).state).toBe('delayed');
    await client.agents.unpin('a');
    await task.result({ timeout: '60s' });
  });

  it.for([
    ['agentId', ['', 'w1']],
    ['agentId', ['a\u0000', 'w1']],
    ['worker', ['a', 'w 1']],
    ['worker', ['a', undefined]],
    ['ttl', ['a', 'w1', { ttl: 0 }]],
    ['ttl', ['a', 'w1', { ttl: 'soon' }]],
    ['soft', ['a', 'w1', { soft: 'yes' }]],
    ['tll', ['a', 'w1', { tll: 5 }]],
    ['options', ['a', 'w1', null]],
  ] as const)('refuses a bad %s', async ([field, words], { pool }) => {
    const { agents } = pool.client();
    await expect((agents.pin as (...all: unknown[]) => Promise<void>).call(agents, ...words)).rejects.toMatchObject({
      code: 'INVALID_TASK',
      details: [{ field }],
    });
  });
});
