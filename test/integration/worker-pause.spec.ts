import { longestBlockMs, workersOf } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { it, until } from '../support/pool-test.js';

describe('a paused worker', () => {
  it('is given no agents while another has a free slot', async ({ pool }) => {
    const ran: string[] = [];
    pool.dispatcher();
    const paused = pool.worker(async (_job, worker) => ran.push(worker.workerId), { workerId: 'w1' });
    await until(async () => (await workersOf(pool.redis, pool.keys)).length === 1);
    await paused.pause();
    pool.worker(async (_job, worker) => ran.push(worker.workerId), { workerId: 'w2' });
    await until(async () => (await workersOf(pool.redis, pool.keys)).length === 2);
    const queue = pool.queue();
    const events = await pool.events();
    const jobs = await queue.addBulk([1, 2, 3, 4].map((n) => ({ name: 'turn', data: { agentId: `a${n}` } })));
    await Promise.all(jobs.map((job) => job.waitUntilFinished(events, 60_000)));
    expect(ran).toEqual(['w2', 'w2', 'w2', 'w2']);
  });

  it('that is resumed before it has begun to fetch runs once', async ({ pool }) => {
    pool.dispatcher();
    const worker = pool.worker(async () => 1, { workerId: 'w', autorun: false });
    const running = worker.run();
    await worker.pause();
    await worker.resume();
    expect(worker.run()).toBe(running);
    const task = await pool.queue().add('turn', { agentId: 'a' });
    expect(await task.waitUntilFinished(await pool.events(), 60_000)).toBe(1);
  });

  it('takes tasks again when it is resumed while it is being paused', async ({ pool }) => {
    pool.dispatcher();
    const worker = pool.worker(async () => 1, { workerId: 'w' });
    await until(async () => (await workersOf(pool.redis, pool.keys)).length === 1);
    const events = await pool.events();
    for (let n = 0; n < 3; n++) {
      void worker.pause();
      await worker.resume();
      const task = await pool.queue().add('turn', { agentId: 'a' });
      expect(await task.waitUntilFinished(events, 60_000)).toBe(1);
    }
    expect(worker.isPaused()).toBe(false);
  });

  it('waits, once it was resumed, for no longer than its connection may be silent', async ({ pool }) => {
    const worker = pool.worker(async () => 1, { workerId: 'w' });
    await until(async () => worker.isRunning());
    await worker.pause();
    const monitor = await pool.redis.monitor();
    const waits: number[] = [];
    monitor.on('monitor', (_time: string, [command = '', key, seconds]: string[]) => {
      if (command.toLowerCase() === 'bzpopmin' && key === pool.keys.lane('w', 'marker')) waits.push(Number(seconds));
    });
    await worker.resume();
    await until(async () => waits.length > 0);
    monitor.disconnect();
    expect(Math.max(...waits)).toBeLessThanOrEqual(longestBlockMs / 1000);
  });

  it('that loses its id once it was resumed tells it as an error', async ({ pool }) => {
    const worker = pool.worker(async () => 1, { workerId: 'w', heartbeat: 50 });
    await until(async () => worker.isRunning());
    await worker.pause();
    await worker.resume();
    await until(async () => worker.isRunning());
    await pool.redis.hset(pool.keys.of('incarnations'), 'w', 'another');
    await until(async () => pool.errors.length > 0);
    expect(pool.errors.splice(0).map((error) => (error as { code?: string }).code)).toContain('LEASE_LOST');
  });

  it('beats as often after it was resumed, and not at all once closed', async ({ pool }) => {
    pool.dispatcher();
    const worker = pool.worker(async () => undefined, { workerId: 'w' });
    await until(async () => (await workersOf(pool.redis, pool.keys)).length === 1);
    for (let n = 0; n < 5; n++) {
      await worker.pause();
      await worker.resume();
    }
    await worker.close();
    const late = await pool.queue().add('turn', { agentId: 'a' }, { delay: 300 });
    await until(async () => (await late.isDelayed()) === false);
    expect(pool.errors).toEqual([]);
  });
});
