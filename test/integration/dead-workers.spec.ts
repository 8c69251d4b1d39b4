import { isShuntError } from '@shunt/lanes';
import { describe, expect, onTestFinished } from 'vitest';
import { FaultProxy } from '../support/fault-proxy.js';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

/** Short enough to wait for, long enough for a busy machine. */
const timing = { heartbeat: 100, lease: 3000 };
/** New connections are of no use either: it is away until this is over. */
const cutOff = { requests: { isHeld: true }, replies: { isHeld: true } };

/** A worker behind a proxy, with a task of agent `a` that runs until it is aborted. */
async function workerBehindProxy(pool: TestPool) {
  const proxy = await FaultProxy.open(pool.url);
  const started = new Signal();
  const aborted = new Signal<unknown>();
  const seen: string[] = [];
  const worker = pool.worker(
    async (job, _worker, signal) => {
      seen.push(job.name);
      if (seen.length > 1) return 'first worker';
      signal?.addEventListener('abort', () => aborted.resolve(signal.reason));
      started.resolve();
      await aborted.seen;
      return 'too late';
    },
    { workerId: 'w1', connection: { url: proxy.url } as never, ...timing },
  );
  onTestFinished(async () => {
    proxy.unblock();
    await worker.close(true);
    await proxy.close();
  });
  const first = await pool.queue().add('first', { agentId: 'a' });
  await started.seen;
  return { proxy, worker, aborted, seen, first };
}

describe('a worker that is cut off', () => {
  it('aborts what it runs, which others run, and takes part again in a new life', async ({ pool }) => {
    const lost: string[] = [];
    pool.dispatcher().on('lost', (worker) => lost.push(worker));
    const events = await pool.events();
    const { proxy, aborted, seen, first } = await workerBehindProxy(pool);
    const [, ofFirstLife] = await pool.redis
      .hgetall(pool.keys.of('incarnations'))
      .then(Object.entries)
      .then((all) => all[0] ?? []);
    const second = await pool.queue().add('second', { agentId: 'a' });
    proxy.become(cutOff);
    expect(await aborted.seen).toBe('lease-lost');
    const other = pool.worker(async (job) => `second worker: ${job.name}`, { workerId: 'w2' });
    expect(await first.waitUntilFinished(events, 60_000)).toBe('second worker: first');
    expect(await second.waitUntilFinished(events, 60_000)).toBe('second worker: second');
    const journal = JSON.stringify(await pool.redis.xrange(pool.keys.of('journal'), '-', '+'));
    expect(journal).toMatch(/"evicted","worker","w1","reason","dead","running","1"/);
    expect(journal).toMatch(/"moved","agent","a","from","w1","worker","w2","fence","\d+","reason","dead"/);
    await until(() => lost.length === 1);
    expect(lost).toEqual(['w1']);

    proxy.unblock();
    await until(async () => {
      const life = await pool.redis.hget(pool.keys.of('incarnations'), 'w1');
      return life !== null && life !== ofFirstLife;
    });
    await other.close();
    const third = await pool.queue().add('third', { agentId: 'a' });
    expect(await third.waitUntilFinished(events, 60_000)).toBe('first worker');
    expect(seen).toEqual(['first', 'third']);
    // Besides what a connection says that was cut off.
    const others = pool.errors.filter((error) => !isShuntError(error, 'LEASE_LOST')).map(({ message }) => message);
    expect(others.filter((message) => !message.startsWith('Socket timeout.'))).toEqual([]);
  });

  it('starts no task that it fetched before its lease ended', async ({ pool }) => {
    pool.dispatcher();
    const events = await pool.events();
    const fences: (number | undefined)[] = [];
    const worker = pool.worker(
      async (job, { agentOf }) => fences.push(agentOf.call(worker, job.id ?? '')?.fence),
      timing,
    );
    let isFirst = true;
    worker.on('active', () => {
      if (isFirst) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * timing.lease);
      isFirst = false;
    });
    const task = await pool.queue().add('task', { agentId: 'a' });
    expect(await task.waitUntilFinished(events, 60_000)).toBe(1);
    expect(fences).toEqual([expect.toSatisfy((fence) => fence > 0)]);
  });

  it('ends when another process has taken its id meanwhile', async ({ pool }) => {
    pool.dispatcher();
    const { proxy, worker, aborted, first } = await workerBehindProxy(pool);
    const ended = new Signal<Error>();
    worker.on('error', (error) => {
      if (error.message === 'worker w1 was started again elsewhere: this one has ended') ended.resolve(error);
    });
    proxy.become(cutOff);
    pool.worker(async () => 'another process', { workerId: 'w1', ...timing });
    expect(await aborted.seen).toBe('lease-lost');
    expect(await first.waitUntilFinished(await pool.events(), 20_000)).toBe('another process');
    proxy.unblock();
    expect(isShuntError(await ended.seen, 'LEASE_LOST')).toBe(true);
  });

  it('by connections that fall silent opens new ones', async ({ pool }) => {
    pool.dispatcher();
    const { proxy, aborted } = await workerBehindProxy(pool);
    const lives = () => pool.redis.hget(pool.keys.of('incarnations'), 'w1');
    const ofFirstLife = await lives();
    proxy.block();
    await aborted.seen;
    await until(async () => ![null, ofFirstLife].includes(await lives()));
  });

  it('runs its tasks again itself when nobody took them meanwhile, which counts as no death', async ({ pool }) => {
    const dispatcher = pool.dispatcher();
    const events = await pool.events();
    const { proxy, aborted, seen, first } = await workerBehindProxy(pool);
    await dispatcher.stop();
    proxy.block();
    await aborted.seen;
    proxy.unblock();
    expect(await first.waitUntilFinished(events, 60_000)).toBe('first worker');
    expect(seen).toEqual(['first', 'first']);
    expect(await pool.redis.hget(pool.keys.of(first.id ?? ''), 'stc')).toBeNull();
  });
});
