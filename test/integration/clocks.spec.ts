import { promote, redisTimeMs } from '@shunt/lanes';
import { afterEach, describe, expect, vi } from 'vitest';
import { Signal } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Has every part of this process see another wall clock than Redis. */
function shiftClock(byMs: number): void {
  const real = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => real() + byMs);
}

describe.for([-3_600_000, 3_600_000])('with a wall clock that is %s ms off', (byMs) => {
  it('a retry comes after its delay, by the clock of Redis', async ({ pool }) => {
    shiftClock(byMs);
    pool.dispatcher();
    let attempts = 0;
    pool.worker(async () => {
      if (++attempts === 1) throw new Error('a planned failure');
    });
    const task = await pool
      .client()
      .enqueue('t', 0, { agentId: 'a', attempts: 2, backoff: { type: 'fixed', delay: 200 } });
    await task.result({ timeout: '60s' });
    expect(attempts).toBe(2);
  });

  it('a dispatcher promotes nothing before it is due', async ({ pool }) => {
    await pool.client().enqueue('t', 0, { agentId: 'a', delay: '10m' });
    shiftClock(byMs);
    const { promoted, dueInMs } = await promote(pool.redis, pool.keys, 10, 60_000);
    expect(promoted).toBe(0);
    expect(dueInMs).toBeGreaterThan(500_000);
    expect(dueInMs).toBeLessThanOrEqual(600_000);
  });

  it('a ttl ends by the clock of Redis, where labels or a pin keep a task from starting', async ({ pool }) => {
    const away = pool.worker(async () => undefined, { workerId: 'w' });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 1);
    await away.pause();
    const client = pool.client();
    const labels = { gpu: 'a100' };
    for (const agent of ['pinned', 'pinned-shortly']) await client.agents.pin(agent, 'w');
    const lasting = await client.enqueue('t', 0, { agentId: 'a', ttl: '10m', labels });
    shiftClock(byMs);
    const pinned = await client.enqueue('t', 0, { agentId: 'pinned', ttl: '10m' });
    pool.dispatcher();
    for (const round of [1, 2]) {
      const short = await client.enqueue('t', round, { agentId: 'b', ttl: 50, labels });
      const pinnedShortly = await client.enqueue('t', round, { agentId: 'pinned-shortly', ttl: 50 });
      for (const task of [short, pinnedShortly])
        await expect(task.result({ timeout: '60s' })).rejects.toThrow(/expired/);
    }
    expect((await lasting.status()).state).toBe('yard');
    expect((await pinned.status()).state).toBe('delayed');
  });

  it('a ttl ends by the clock of Redis, also of a task that a worker comes to', async ({ pool }) => {
    const client = pool.client();
    const lasting = await client.enqueue('t', 0, { agentId: 'a', ttl: '10m' });
    shiftClock(byMs);
    const late = await client.enqueue('t', 0, { agentId: 'b', ttl: 1 });
    const enqueuedAtMs = await redisTimeMs(pool.redis);
    await until(async () => (await redisTimeMs(pool.redis)) > enqueuedAtMs + 1);
    const other = await client.enqueue('t', 0, { agentId: 'c', ttl: '10m' });
    vi.restoreAllMocks();
    const ran: unknown[] = [];
    pool.worker(async (job) => ran.push(job.data.agentId));
    await expect(late.result({ timeout: '60s' })).rejects.toThrow(/expired: it had not started 1 ms after/);
    for (const task of [lasting, other]) await task.result({ timeout: '60s' });
    expect(ran.length).toBe(2);
  });

  it('nobody is declared dead, and leases hold', async ({ pool }) => {
    shiftClock(byMs);
    const dispatcher = pool.dispatcher();
    const started = new Signal();
    const opened = new Signal();
    pool.worker(async () => {
      started.resolve();
      await opened.seen;
    });
    const task = await pool.client().enqueue('t', 0, { agentId: 'a' });
    await started.seen;
    const beats = async () => Number((await pool.redis.zrange(pool.keys.of('leases'), '0', '-1', 'WITHSCORES'))[1]);
    const leaseUntil = await beats();
    await until(async () => (await beats()) > leaseUntil + 1000);
    opened.resolve();
    await task.result({ timeout: '60s' });
    expect(dispatcher.sweep.workersLost).toBe(0);
    expect(pool.errors).toEqual([]);
  });
});
