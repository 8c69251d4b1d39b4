import { drain, drainProgress, poolStats, undrain } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

const isRoutable = async (pool: TestPool, id: string) => (await pool.redis.hexists(pool.keys.of('routable'), id)) === 1;

/** A worker `w` that runs one task and has two in its lane, and what it waits for. */
async function busy(pool: TestPool) {
  const opened = new Signal();
  pool.worker(() => opened.seen, { workerId: 'w' });
  await until(() => isRoutable(pool, 'w'));
  const client = pool.client();
  for (const agent of ['a', 'b', 'c']) await pool.redis.hset(pool.keys.of(`agent:${agent}`), 'home', 'w');
  const first = await client.enqueue('t', 0, { agentId: 'a' });
  await until(async () => (await first.status()).state === 'running');
  const waiting = [await client.enqueue('t', 1, { agentId: 'b' }), await client.enqueue('t', 2, { agentId: 'c' })];
  return { opened, first, waiting };
}

describe('an operator who drains a worker', () => {
  it('is told beforehand what that moves, and nothing changes by it', async ({ pool }) => {
    const { opened } = await busy(pool);
    expect(await drainProgress(pool.redis, pool.keys, 'w')).toEqual({ waiting: 2, running: 1, others: 0 });
    expect(await isRoutable(pool, 'w')).toBe(true);
    opened.resolve();
  });

  it('has its waiting tasks moved, what it runs ended there, and nothing new given to it', async ({ pool }) => {
    const { opened, first, waiting } = await busy(pool);
    expect(await drain(pool.redis, pool.keys, 'w', { by: 'test' })).toBe(2);
    expect(await drainProgress(pool.redis, pool.keys, 'w')).toMatchObject({ waiting: 0, running: 1 });
    pool.dispatcher();
    pool.worker(async () => 'moved', { workerId: 'other' });
    for (const task of waiting) expect(await task.result({ timeout: '60s' })).toBe('moved');
    opened.resolve();
    await first.result({ timeout: '60s' });
    const next = await pool.client().enqueue('t', 3, { agentId: 'a' });
    expect(await next.result({ timeout: '60s' })).toBe('moved');
    expect(await drainProgress(pool.redis, pool.keys, 'w')).toMatchObject({ waiting: 0, running: 0, others: 1 });
    const { bound, workers } = await poolStats(pool.redis, pool.keys);
    expect(bound.draining).toBe(3);
    expect(workers.map(({ id, isDrained }) => [id, isDrained])).toEqual([
      ['other', false],
      ['w', true],
    ]);
  });

  it('has it stay drained across a restart, and receive again once told', async ({ pool }) => {
    const first = pool.worker(async () => undefined, { workerId: 'w' });
    await until(() => isRoutable(pool, 'w'));
    await drain(pool.redis, pool.keys, 'w', { by: 'test' });
    await first.close();
    pool.worker(async () => undefined, { workerId: 'w' });
    const beaten = async () => (await pool.redis.hget(pool.keys.of('load'), 'w')) !== null;
    await until(beaten);
    expect(await isRoutable(pool, 'w')).toBe(false);
    await undrain(pool.redis, pool.keys, 'w', { by: 'test' });
    await until(() => isRoutable(pool, 'w'));
  });

  it('may say so twice', async ({ pool }) => {
    pool.worker(async () => undefined, { workerId: 'w' });
    await until(() => isRoutable(pool, 'w'));
    expect(await drain(pool.redis, pool.keys, 'w', { by: 'test' })).toBe(0);
    expect(await drain(pool.redis, pool.keys, 'w', { by: 'test' })).toBe(0);
    const journal = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
    expect(journal.filter(([, [, event]]) => event === 'drained')).toHaveLength(1);
  });

  it.for([drain, undrain, drainProgress])('is told that there is no such worker (%#)', async (act, { pool }) => {
    await expect(act(pool.redis, pool.keys, 'nobody', { by: 'test' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'there is no such worker in this pool',
    });
  });
});
