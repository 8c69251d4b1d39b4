import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { Signal } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

describe('a worker that becomes far slower than it was', () => {
  it('keeps no agents that are better off elsewhere, takes one at a time, and is trusted again once it is as fast as before', async ({
    pool,
  }) => {
    let slowBy = 1;
    const runningHere = { now: 0, most: 0 };
    pool.dispatcher();
    const client = pool.client();
    // Long beside what a busy machine adds, as a worker is compared with its own past.
    const coldMs = (home?: string) => (home === 'cold' ? 200 : 100);
    const slow = pool.worker(
      async (job, worker) => {
        runningHere.now++;
        runningHere.most = Math.max(runningHere.most, runningHere.now);
        await sleep(coldMs(worker.agentOf(job.id ?? '')?.home) * slowBy);
        runningHere.now--;
      },
      { workerId: 'slow', concurrency: 4, breaker: false },
    );
    for (const workerId of ['w1', 'w2', 'w3']) {
      const handler = (job: { id?: string }, worker: typeof slow) => sleep(coldMs(worker.agentOf(job.id ?? '')?.home));
      pool.worker(handler, { workerId, concurrency: 4 });
    }
    const round = async (count: number, from = 0) => {
      const agents = Array.from({ length: count }, (_, n) => `a${from + n}`);
      const tasks = await Promise.all(agents.map((agentId) => client.enqueue('turn', null, { agentId })));
      await Promise.all(tasks.map((task) => task.result({ timeout: '60s' })));
    };
    const { redis, keys } = pool;
    const told = () => redis.hmget(keys.of('pull'), 'stragglers', 'left');
    const movedFor = async (reason: string) => Number(await redis.hget(keys.of('bound'), reason)) || 0;

    await until(async () => (await redis.hlen(keys.of('routable'))) === 4);
    // Enough tasks for each worker to have a pace, and for the pool to know what a cold start costs.
    for (let n = 0; n < 10; n++) await round(60);
    expect(await told()).toEqual(['', '']);

    slowBy = 8;
    await until(async () => {
      await round(60);
      return (await told())[1] === ' slow ';
    });
    for (let n = 0; n < 3; n++) await round(60);
    expect(await movedFor('straggler')).toBeGreaterThan(0);
    const homes = await Promise.all(Array.from({ length: 60 }, (_, n) => redis.hget(keys.of(`agent:a${n}`), 'home')));
    expect(homes.filter((home) => home === 'slow').length).toBeLessThanOrEqual(4);
    runningHere.most = 0;
    await round(60);
    expect(runningHere.most).toBeLessThanOrEqual(1);

    slowBy = 1;
    let newcomers = 100;
    await until(async () => {
      await round(60, newcomers);
      newcomers += 60;
      return (await told())[0] === '';
    });
  }, 120_000);

  it('does not take back the agents that leave it, however many of their tasks wait', async ({ pool }) => {
    const ran: string[] = [];
    const [started, gate] = [new Signal(), new Signal()];
    const dispatcher = pool.dispatcher();
    const client = pool.client();
    const { redis, keys } = pool;
    pool.worker(
      async () => {
        ran.push('slow');
        started.resolve();
        await gate.seen;
      },
      { workerId: 'slow', concurrency: 2 },
    );
    const tasks = await Promise.all([1, 2, 3, 4].map((n) => client.enqueue('turn', n, { agentId: 'popular' })));
    await started.seen;
    await until(async () => (await redis.zcard(keys.of('mailbox:popular'))) === 3);
    // As a leader says it, and no leader says otherwise any more.
    await dispatcher.stop();
    await redis.hset(keys.of('pull'), 'stragglers', ' slow ', 'left', ' slow ', 'patienceMs', 600_000);
    // The worker hears of it by a heartbeat: the second one from now was sent after that, and has been answered once there is a third.
    let [beat, beats] = ['', 0];
    await until(async () => {
      const latest = (await redis.zscore(keys.of('leases'), 'slow')) ?? '';
      if (latest !== beat) beats++;
      beat = latest;
      return beats > 3;
    });
    pool.worker(async () => void ran.push('well'), { workerId: 'well', concurrency: 1 });
    await until(async () => (await redis.hexists(keys.of('routable'), 'well')) === 1);
    gate.resolve();
    await Promise.all(tasks.map((task) => task.result({ timeout: '60s' })));
    expect(ran).toEqual(['slow', 'well', 'well', 'well']);
  });
});
