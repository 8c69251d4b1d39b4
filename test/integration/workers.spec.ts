import { stateOf } from '@shunt/lanes';
import { type Job } from 'bullmq';
import { describe, expect } from 'vitest';
import { Countdown, Signal } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

describe('workers', () => {
  it('that stop give their waiting tasks to others, and the agent moves with a higher fence', async ({ pool }) => {
    const fences: number[] = [];
    const started = new Signal();
    const opened = new Signal();
    const done = new Countdown(3);
    const noteFence = (fence: number | undefined) => {
      fences.push(fence ?? -1);
      done.tick();
    };
    const fenceOf = (job: Job, worker: { agentOf(id: string): { fence: number } | undefined }) =>
      worker.agentOf(job.id ?? '')?.fence;
    pool.dispatcher();
    const first = pool.worker(
      async (job, worker) => {
        started.resolve();
        await opened.seen;
        noteFence(fenceOf(job, worker));
      },
      { workerId: 'w1' },
    );
    const queue = pool.queue();
    for (let n = 0; n < 3; n++) await queue.add('turn', { agentId: 'a', n });
    await started.seen;
    pool.worker(async (job, worker) => noteFence(fenceOf(job, worker)), { workerId: 'w2' });
    const closed = first.close();
    opened.resolve();
    await closed;
    await done.zero;
    expect(fences[1]).toBeGreaterThan(fences[0] as number);
    expect(fences[2]).toBe(fences[1]);
    const journal = (await pool.redis.xrange(pool.keys.of('journal'), '-', '+')).map(([, fields]) => fields);
    const ofWorkers = journal
      .filter((fields) => /drained|left/.test(fields[1] ?? ''))
      .map((fields) => fields.join(' '));
    expect(ofWorkers).toEqual(['event drained worker w1', 'event left worker w1']);
    const moved = journal.filter(([, event]) => event === 'moved');
    expect(moved).toEqual([expect.arrayContaining(['draining', 'w1', 'w2'])]);
  });

  it('that stop beating are no longer placed on', async ({ pool }) => {
    const dispatcher = pool.dispatcher();
    const dead = pool.worker(async () => undefined, { workerId: 'dead', lease: 300, heartbeat: 600_000 });
    const isRoutable = async () => (await pool.redis.hexists(pool.keys.of('routable'), 'dead')) === 1;
    await dead.waitUntilReady();
    await until(() => dispatcher.sweep.workersLost === 1);
    expect(await isRoutable()).toBe(false);
    const job = await pool.queue().add('turn', { agentId: 'a' });
    await until(async () => (await stateOf(pool.redis, pool.keys, job.id ?? '')).state === 'yard');
  });

  it('of an id that is in use are refused, and disturb nothing', async ({ pool }) => {
    const started = new Signal();
    const opened = new Signal();
    pool.dispatcher();
    pool.worker(
      async () => {
        started.resolve();
        await opened.seen;
        return 'first process';
      },
      { workerId: 'w' },
    );
    const job = await pool.queue().add('turn', { agentId: 'a' });
    await started.seen;
    const second = pool.worker(async () => 'second process', { workerId: 'w', autorun: false });
    await expect(second.run()).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'worker id w is in use by another process: give each process an id of its own',
    });
    opened.resolve();
    expect(await job.waitUntilFinished(await pool.events(), 20_000)).toBe('first process');
  });

  it('take over an id whose process dies while they wait for it', async ({ pool }) => {
    pool.dispatcher();
    const lease = 3000;
    const first = pool.worker(async () => 'first process', { workerId: 'w', lease });
    const leaseEnd = async () => Number(await pool.redis.zscore(pool.keys.of('leases'), 'w'));
    await until(async () => (await leaseEnd()) > 0);
    const second = pool.worker(async () => 'second process', { workerId: 'w', lease, autorun: false });
    const isWaiting = new Promise<void>((resolve) => second.once('error', () => resolve()));
    const ran = second.run();
    await isWaiting;
    // It beats on, beyond what its lease was when the second one looked, and dies.
    const seen = await leaseEnd();
    await until(async () => (await leaseEnd()) > seen + 2300);
    await first.close(true);
    pool.errors.length = 0;
    const job = await pool.queue().add('turn', { agentId: 'a' });
    expect(await job.waitUntilFinished(await pool.events(), 20_000)).toBe('second process');
    await second.close();
    await ran;
  });

  it('of an id that wait for its lease end at once when they are closed', async ({ pool }) => {
    const first = pool.worker(async () => undefined, { workerId: 'w' });
    await until(async () => (await pool.redis.hexists(pool.keys.of('workers'), 'w')) === 1);
    const second = pool.worker(async () => undefined, { workerId: 'w', autorun: false });
    const waits = new Signal();
    second.on('error', () => waits.resolve());
    const running = second.run();
    await waits.seen;
    await second.close();
    await running;
    expect(first.isRunning()).toBe(true);
  });

  it('of an id whose last process died take over what that one ran, once its lease is over', async ({ pool }) => {
    const started = new Signal();
    const held = new Signal();
    const { redis, keys } = pool;
    const silent = { workerId: 'w', heartbeat: 600_000, lease: 4000 };
    const first = pool.worker(async () => {
      started.resolve();
      await held.seen;
    }, silent);
    const job = await pool.client().enqueue('turn', null, { agentId: 'a' });
    await started.seen;
    await first.close(true);
    pool.worker(async () => 'second life', { workerId: 'w' });
    expect(await job.result({ timeout: '60s' })).toBe('second life');
    held.resolve();
    expect(await redis.hget(keys.of(job.id), 'stc')).toBe('1');
  });

  it('that close while they run finish the task first, then are registered no more', async ({ pool }) => {
    const started = new Signal();
    const opened = new Signal();
    pool.dispatcher();
    const worker = pool.worker(
      async () => {
        started.resolve();
        await opened.seen;
        return 'done';
      },
      { workerId: 'w' },
    );
    const job = await pool.queue().add('turn', { agentId: 'a' });
    await started.seen;
    const closed = worker.close();
    opened.resolve();
    await closed;
    expect(await job.getState()).toBe('completed');
    expect(await pool.redis.hexists(pool.keys.of('workers'), 'w')).toBe(0);
  });

  it('that are paused start nothing, and go on where they were once resumed', async ({ pool }) => {
    const ran: string[] = [];
    const done = new Countdown(2);
    pool.dispatcher();
    const worker = pool.worker(async (job) => {
      ran.push(job.name);
      done.tick();
    });
    const queue = pool.queue();
    const events = await pool.events();
    const before = await queue.add('before', { agentId: 'a' });
    await before.waitUntilFinished(events, 60_000);
    await worker.pause();
    const during = await queue.add('during', { agentId: 'a' });
    await until(async () => (await stateOf(pool.redis, pool.keys, during.id ?? '')).state !== 'intake');
    expect(ran).toEqual(['before']);
    await worker.resume();
    await done.zero;
    expect(ran).toEqual(['before', 'during']);
  });
});

describe('a Redis that lost its data', () => {
  it('has its workers registered again by their next heartbeat', async ({ pool }) => {
    const dispatcher = pool.dispatcher();
    pool.worker(async (job) => job.data.n, { workerId: 'w' });
    await until(async () => (await pool.redis.hexists(pool.keys.of('routable'), 'w')) === 1);
    // It has seen which data this is.
    await until(() => dispatcher.leadership.term > 0);
    // All at once: a leader that looks in between would see two losses.
    await pool.redis.del(...(await pool.redis.keys(`${pool.keys.prefix}*`)));
    const job = await pool.queue().add('turn', { agentId: 'a', n: 7 });
    expect(await job.waitUntilFinished(await pool.events(), 10_000)).toBe(7);
    await until(() => dispatcher.leadership.dataSetsLost === 1);
    expect(pool.errors.map(({ message }) => message).sort()).toEqual([
      `Redis has lost the data of ${pool.keys.prefix}: what was enqueued before is gone`,
      'worker w lost its lease: its 0 tasks are aborted and may run again',
    ]);
  });
});
