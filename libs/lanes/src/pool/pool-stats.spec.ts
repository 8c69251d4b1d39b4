import { describe, expect } from 'vitest';
import { Signal } from '../../../../test/support/pool.js';
import { it, until } from '../../../../test/support/pool-test.js';
import { allWaits } from '../load/wait-times.js';
import { poolStats } from './pool-stats.js';

describe('poolStats', () => {
  it('of a pool that never was is all zero', async ({ pool }) => {
    const stats = await poolStats(pool.redis, pool.keys);
    const { tasks, workers, waits, waitsBy, eligible, bound, breakerTransitions, pull, runs, agents, ...more } = stats;
    const { turnedAway, ...sums } = more;
    expect(tasks).toEqual({ intake: 0, yard: 0, lane: 0, mailbox: 0, running: 0, delayed: 0 });
    expect([workers, bound, runs]).toEqual([[], {}, {}]);
    expect(new Set([...waits, ...allWaits(waitsBy).counts, ...eligible])).toEqual(new Set([0]));
    expect(breakerTransitions).toEqual({ closed: 0, open: 0, 'half-open': 0 });
    expect(pull).toEqual({ patienceMs: 5000, coldCostMs: null, moves: 0, stragglers: 0 });
    expect(agents).toEqual({ busy: 0, idle: 0, paused: 0, held: 0 });
    expect(turnedAway).toEqual({ memory: 0, tasks: 0, age: 0 });
    expect(new Set(Object.values(sums))).toEqual(new Set([0]));
  });

  it('counts the intake, prioritised and not, while no dispatcher takes from it', async ({ pool }) => {
    const queue = pool.queue();
    await queue.add('turn', { agentId: 'a' });
    await queue.add('turn', { agentId: 'a' }, { priority: 1 });
    await queue.add('turn', { agentId: 'a' }, { delay: 600_000 });
    expect((await poolStats(pool.redis, pool.keys)).tasks).toMatchObject({ intake: 2, delayed: 1 });
  });

  it('tells yard, mailbox, lane and running apart, for the pool and for each worker', async ({ pool }) => {
    const opened = new Signal();
    const started = new Signal();
    const queue = pool.queue();
    const events = await pool.events();
    pool.dispatcher();
    pool.worker(
      async (job) => {
        if (job.name !== 'gate') return;
        started.resolve();
        await opened.seen;
      },
      { workerId: 'w', weight: 2 },
    );
    await (await queue.add('turn', { agentId: 'homed' })).waitUntilFinished(events, 60_000);
    await queue.add('gate', { agentId: 'a' });
    await started.seen;
    for (const agentId of ['a', 'a', 'homed', 'new', 'newer']) await queue.add('turn', { agentId });
    const wanted = { intake: 0, yard: 2, lane: 1, mailbox: 2, running: 1, delayed: 0 };
    await until(async () => (await poolStats(pool.redis, pool.keys)).tasks.intake === 0);
    const stats = await poolStats(pool.redis, pool.keys);
    expect(stats.tasks).toEqual(wanted);
    expect(stats.workers).toMatchObject([{ id: 'w', slots: 1, weight: 2, running: 1, waiting: 1 }]);
    expect(stats).toMatchObject({ enqueued: 7, bound: { new: 2 } });
    opened.resolve();
  });

  it('sums what workers did as their heartbeats told, each wait in one bucket', async ({ pool }) => {
    const queue = pool.queue();
    const events = await pool.events();
    pool.dispatcher();
    pool.worker(async (job) => {
      if (job.data.n === 2) throw new Error('no');
    });
    const jobs = await queue.addBulk([0, 1, 2, 3].map((n) => ({ name: 'turn', data: { agentId: 'a', n } })));
    await jobs[3]?.waitUntilFinished(events, 60_000);
    const read = () => poolStats(pool.redis, pool.keys);
    await until(async () => (await read()).completed === 3);
    const stats = await read();
    expect(stats).toMatchObject({ completed: 3, failed: 1, warm: 3, cold: 1, enqueued: 4 });
    expect(stats.waits.reduce((sum, count) => sum + count)).toBe(4);
  });
});
