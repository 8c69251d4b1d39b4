import { evictionPlan, evictWaiting } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { joined, noting, told } from '../support/agents-pool.js';
import type { TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

/** A worker `w` whose only slot is taken, and in whose lane a task of each agent waits. */
async function behind(pool: TestPool, agents: readonly string[], options: Parameters<typeof noting>[2] = {}) {
  const home = noting(pool, 'w', options);
  await joined(pool, 1);
  const client = pool.client();
  for (const agentId of agents) await (await client.enqueue('first', {}, { agentId })).result();
  const running = await client.enqueue('hold', { held: true }, { agentId: 'holder' });
  await until(async () => (await running.status()).state === 'running');
  const enqueue = (agentId: string, more: object = {}) =>
    client.enqueue('next', {}, { agentId, affinity: 'strict', ...more });
  return { home, client, running, enqueue };
}

describe('an operator who evicts what waits for a worker', () => {
  it('is told beforehand what that moves, and nothing changes by it', async ({ pool }) => {
    pool.dispatcher();
    const { home, enqueue } = await behind(pool, ['a', 'b']);
    const tasks = [await enqueue('a'), await enqueue('b')];
    noting(pool, 'other');
    await joined(pool, 2);
    const plan = { waiting: 2, staying: 0, running: 1, others: 1 };
    expect(await evictionPlan(pool.redis, pool.keys, 'w')).toEqual(plan);
    expect(await evictionPlan(pool.redis, pool.keys, 'w')).toEqual(plan);
    for (const task of tasks) expect(await task.status()).toMatchObject({ state: 'lane', worker: 'w' });
    home.go.resolve();
  });

  it('has it run elsewhere in order, while what runs ends there and the worker receives as before', async ({
    pool,
  }) => {
    pool.dispatcher();
    const { home, client, running, enqueue } = await behind(pool, ['a', 'b']);
    const tasks = [await enqueue('a'), await enqueue('b'), await enqueue('a')];
    const other = noting(pool, 'other');
    await joined(pool, 2);
    expect(await client.workers.evict('w')).toBe(2);
    for (const task of tasks) await task.result();
    expect(other.ran).toEqual(['next', 'next', 'next']);
    expect(await pool.redis.hexists(pool.keys.of('routable'), 'w')).toBe(1);
    home.go.resolve();
    await running.result();
    await (await client.enqueue('again', {}, { agentId: 'holder' })).result();
    expect(home.ran).toEqual(['first', 'first', 'hold', 'again']);
    expect(await told(pool, 'a')).toEqual(['placed w new', 'moved other evicted']);
    expect(await pool.redis.hget(pool.keys.of('bound'), 'evicted')).toBe('2');
    expect(JSON.stringify(await pool.redis.xrange(pool.keys.of('journal'), '-', '+'))).toContain(
      '"cleared","worker","w","tasks","2","by","sdk"',
    );
    expect(await pool.redis.hlen(pool.keys.of('avoids'))).toBe(0);
  });

  it('has the worker leave it to others, though it is the first to be free', async ({ pool }) => {
    pool.dispatcher();
    const { home, client, running, enqueue } = await behind(pool, ['a']);
    const task = await enqueue('a');
    const other = noting(pool, 'other');
    await joined(pool, 2);
    const busy = await client.enqueue('busy', { held: true }, { agentId: 'b' });
    await until(async () => (await busy.status()).state === 'running');
    expect(await evictWaiting(pool.redis, pool.keys, 'w', { by: 'test' })).toBe(1);
    home.go.resolve();
    await running.result();
    await (await client.enqueue('after', {}, { agentId: 'holder' })).result();
    expect((await task.status()).state).toBe('yard');
    other.go.resolve();
    await task.result();
    expect([home.ran, other.ran]).toEqual([
      ['first', 'hold', 'after'],
      ['busy', 'next'],
    ]);
  });

  it('leaves there what is pinned there, and what nobody else may run', async ({ pool }) => {
    pool.dispatcher();
    const { home, client, enqueue } = await behind(pool, ['a', 'b', 'c'], { labels: { gpu: 'a100' } });
    await client.agents.pin('a', 'w', { soft: true });
    const staying = [await enqueue('a'), await enqueue('b', { labels: { gpu: 'a100' } })];
    const moving = await enqueue('c');
    expect(await client.workers.evictPlan('w')).toEqual({ waiting: 0, staying: 3, running: 1, others: 0 });
    expect(await client.workers.evict('w')).toBe(0);
    noting(pool, 'other');
    await joined(pool, 2);
    expect(await client.workers.evictPlan('w')).toEqual({ waiting: 1, staying: 2, running: 1, others: 1 });
    expect(await client.workers.evict('w')).toBe(1);
    for (const task of staying) expect(await task.status()).toMatchObject({ state: 'lane', worker: 'w' });
    await moving.result();
    home.go.resolve();
    for (const task of staying) await task.result();
  });

  it('leaves there a retry that is for its home alone', async ({ pool }) => {
    pool.dispatcher();
    const { home, client, enqueue } = await behind(pool, ['a']);
    const task = await enqueue('a', { retryOn: 'home', attempts: 2 });
    noting(pool, 'other');
    await joined(pool, 2);
    await pool.redis.hset(pool.keys.of(task.id), 'atm', 1);
    expect(await client.workers.evict('w')).toBe(0);
    expect(await task.status()).toMatchObject({ state: 'lane', worker: 'w' });
    home.go.resolve();
    await task.result();
  });

  it('has a long lane cleared in batches', async ({ pool }) => {
    const agents = Array.from({ length: 250 }, (_, n) => `a${n}`);
    pool.dispatcher();
    const { home, client, enqueue } = await behind(pool, []);
    for (const agent of agents) await pool.redis.hset(pool.keys.of(`agent:${agent}`), 'home', 'w');
    await Promise.all(agents.map((agent) => enqueue(agent)));
    noting(pool, 'other', { concurrency: 10 });
    await joined(pool, 2);
    expect(await client.workers.evictPlan('w')).toMatchObject({ waiting: 250 });
    expect(await client.workers.evict('w')).toBe(250);
    home.go.resolve();
  });

  it('is told that there is no such worker', async ({ pool }) => {
    for (const act of [evictionPlan, evictWaiting])
      await expect(act(pool.redis, pool.keys, 'nobody', { by: 'test' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
