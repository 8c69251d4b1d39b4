import { promote } from '@shunt/lanes';
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
    await task.result({ timeout: '20s' });
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

  it('nobody is declared dead, and leases hold', async ({ pool }) => {
    shiftClock(byMs);
    const dispatcher = pool.dispatcher({ lease: 1000 });
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
    await task.result({ timeout: '20s' });
    expect(dispatcher.sweep.workersLost).toBe(0);
    expect(pool.errors).toEqual([]);
  });
});
