import { hostname } from 'node:os';
import { describe, expect } from 'vitest';
import { loadReport } from '../../../test/support/load-report.js';
import { Signal } from '../../../test/support/pool.js';
import { it, until } from '../../../test/support/pool-test.js';
import { recentDeaths } from './dispatcher/deaths.js';
import { evict, forget, lead, place, stateOf } from './moves.js';
import { poolStats } from './pool/pool-stats.js';
import { drain, orderBreaker } from './pool/worker-orders.js';
import { changePoolConfig } from './pool-config/config-store.js';
import { runScript } from './redis/script-runner.js';
import { heartbeat, join, workersOf } from './registry.js';
import type { WorkerLife } from './worker/worker-life.js';

const life = (incarnation: string) => ({ worker: 'w', incarnation });
const weekMs = 7 * 24 * 3_600_000;
const registration = { slots: 1, weight: 1, host: 'h', pid: 1 };

describe('a worker id', () => {
  it('is held by the process whose lease holds, and not given back to one that slept', async ({ pool }) => {
    const joins = (incarnation: string, replaces = '') =>
      join(pool.redis, pool.keys, life(incarnation), registration, 60_000, { replaces });
    expect(await joins('1')).toBeNull();
    expect(await joins('2')).toBeGreaterThan(60_000);
    expect(await joins('1b', '1')).toBeNull();
    expect(await joins('1b', '1')).toBeNull();
    await pool.redis.zadd(pool.keys.of('leases'), 1, 'w');
    expect(await joins('2')).toBeNull();
    expect(await joins('1c', '1b')).toBeGreaterThan(60_000);
    await pool.redis.zadd(pool.keys.of('leases'), 1, 'w');
    expect(await joins('1c', '1b')).toBe(0);
    expect(await pool.redis.hget(pool.keys.of('incarnations'), 'w')).toBe('2');
  });
});

describe('a worker whose id another process has taken', () => {
  it('empties the lane of its successor by no stop and no pause', async ({ pool }) => {
    const silent = { workerId: 'w', heartbeat: 600_000, lease: 600_000 };
    /** Takes the id over, and has beaten: after that its lease is not renewed any more. */
    const taken = async () => {
      const worker = pool.worker(async () => undefined, silent);
      const { life } = worker as unknown as { life: WorkerLife };
      await until(async () => (await workersOf(pool.redis, pool.keys))[0]?.load?.incarnation === life.incarnation);
      await pool.redis.zadd(pool.keys.of('leases'), 1, 'w');
      return worker;
    };
    const [first, second] = [await taken(), await taken()];
    expect(await join(pool.redis, pool.keys, life('successor'), registration, 600_000)).toBeNull();
    const { id } = await pool.client().enqueue('t', 0, { agentId: 'a' });
    const { term } = await lead(pool.redis, pool.keys, 'd', 600_000);
    await place(pool.redis, pool.keys, term, [{ task: id, worker: 'w', labelsKey: '' }]);
    await first.pause(true);
    await second.close();
    expect(await stateOf(pool.redis, pool.keys, id)).toEqual({ state: 'lane', worker: 'w' });
    expect(await pool.redis.hget(pool.keys.of('routable'), 'w')).toBe('1');
  });

  it('hands back what waits for a life of its own that it lost', async ({ pool }) => {
    const worker = pool.worker(async () => undefined, { workerId: 'w', heartbeat: 600_000, lease: 600_000 });
    await until(async () => (await pool.redis.hget(pool.keys.of('routable'), 'w')) === '1');
    await pool.queue().pause();
    const { id } = await pool.client().enqueue('t', 0, { agentId: 'a' });
    const { term } = await lead(pool.redis, pool.keys, 'd', 600_000);
    await place(pool.redis, pool.keys, term, [{ task: id, worker: 'w', labelsKey: '' }]);
    (worker as unknown as { life: WorkerLife }).life.lose();
    await worker.close();
    expect(await stateOf(pool.redis, pool.keys, id)).toEqual({ state: 'yard' });
  });
});

describe('a task that kills its workers', () => {
  it('is failed as poison after its fourth, unrun, and its agent goes on', async ({ pool }) => {
    const { term } = await lead(pool.redis, pool.keys, 'd', 600_000);
    const poisoned = await pool.client().enqueue('poison', null, { agentId: 'a', attempts: 5 });
    const next = await pool.client().enqueue('next', null, { agentId: 'a' });
    for (let death = 1; death <= 4; death++) {
      const started = new Signal();
      const held = new Signal();
      const worker = pool.worker(
        async () => {
          started.resolve();
          await held.seen;
        },
        {
          workerId: 'w',
          heartbeat: 600_000,
          lease: 600_000,
        },
      );
      await started.seen;
      const incarnation = (await pool.redis.hget(pool.keys.of('incarnations'), 'w')) ?? '';
      await evict(pool.redis, pool.keys, 'w', { term, marginMs: -1_200_000, maxStalledCount: 3 });
      expect((await stateOf(pool.redis, pool.keys, poisoned.id)).state).toBe('yard');
      const load = loadReport(incarnation, { running: 1 });
      expect(await heartbeat(pool.redis, pool.keys, life(incarnation), load, 1000, 1)).toMatchObject({
        outcome: 'unregistered',
      });
      await worker.close(true);
      held.resolve();
    }
    const ran: string[] = [];
    pool.worker(async (job) => ran.push(job.name), { workerId: 'w5' });
    await expect(poisoned.result({ timeout: '60s' })).rejects.toThrow('poison: 4 workers died while they ran it: w');
    const journal = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
    expect(journal.map(([, fields]) => fields).filter(([, event]) => event === 'poisoned')).toEqual([
      ['event', 'poisoned', 'task', poisoned.id, 'workers', 'w', 'agent', 'a'],
    ]);
    expect(await poolStats(pool.redis, pool.keys)).toMatchObject({ lost: 4, poisoned: 1 });
    expect(await recentDeaths(pool.redis, pool.keys)).toMatchObject({
      deaths: new Array(4).fill({ worker: 'w', host: hostname() }),
      poisoned: [poisoned.id],
    });
    await next.result({ timeout: '60s' });
    expect(ran).toEqual(['next']);
  });
});

describe('a worker that died and is back before the leader saw it', () => {
  it('leaves its death in the journal, once, and what it ran names it', async ({ pool }) => {
    const { redis, keys } = pool;
    const joins = (incarnation: string) =>
      join(redis, keys, life(incarnation), registration, 600_000, { maxStalledCount: 3 });
    await joins('1');
    const { id } = await pool.client().enqueue('t', 0, { agentId: 'a' });
    const pulled = [keys.prefix, 'w', '1', 'slot', Date.now(), 600_000];
    await runScript(redis, 'pull', [keys.lane('w', 'prioritized'), keys.of('yard')], pulled);
    await redis.zadd(keys.of('leases'), 1, 'w');
    for (let again = 0; again < 2; again++) expect(await joins('2')).toBeNull();
    const told = (await redis.xrange(keys.of('journal'), '-', '+')).map(([, fields]) => fields.join(' '));
    expect(told.filter((entry) => / (?:joined|died) /.test(entry))).toEqual([
      'event joined worker w running 0',
      'event died worker w running 1',
      'event joined worker w running 1',
    ]);
    expect(await redis.hget(keys.of(id), 'diedWith')).toBe('w');
    expect(await poolStats(redis, keys)).toMatchObject({ lost: 1 });
  });
});

describe('a dead worker of which another one takes the place', () => {
  it('is replaced once as many live as before, and not by one that was there', async ({ pool }) => {
    const { redis, keys } = pool;
    const { term } = await lead(redis, keys, 'd', 600_000);
    const joins = (worker: string) => join(redis, keys, { worker, incarnation: '1' }, registration, 600_000);
    const replaced = async () =>
      (await workersOf(redis, keys)).filter(({ isReplaced }) => isReplaced).map(({ id }) => id);
    for (const worker of ['w1', 'w2', 'w3']) await joins(worker);
    for (const worker of ['w1', 'w2']) {
      await evict(redis, keys, worker, { term, marginMs: -1_200_000, maxStalledCount: 3 });
    }
    expect(await replaced()).toEqual([]);
    await joins('w4');
    expect(await replaced()).toEqual(['w2']);
    await joins('w5');
    expect(await replaced()).toEqual(['w1', 'w2']);
    await joins('w1');
    expect((await workersOf(redis, keys)).find(({ id }) => id === 'w1')?.isReplaced).toBe(false);
  });
});

describe('a worker that has left', () => {
  it('leaves no key of its own that stays', async ({ pool }) => {
    const worker = pool.worker(async () => undefined, { workerId: 'gone', maxAgents: 2, holdsStates: true });
    await pool.client().enqueue('t', 0, { agentId: 'a' });
    await until(async () => (await pool.redis.zcard(pool.keys.of('held:gone'))) === 1);
    await worker.close();
    const named = await pool.redis.keys(`${pool.keys.prefix}*gone*`);
    const kept = await Promise.all(named.map(async (key) => ((await pool.redis.pttl(key)) < 0 ? [key] : [])));
    expect(kept.flat()).toEqual([]);
  });
});

describe('a dead worker', () => {
  it('is evicted, what it ran first, to the end by the next leader when one dies in the middle, each task once', async ({
    pool,
  }) => {
    await join(pool.redis, pool.keys, life('1'), { ...registration, slots: 1 }, 600_000);
    const { term } = await lead(pool.redis, pool.keys, 'd', 600_000);
    const inputs = Array.from({ length: 30 }, (_, n) => ({ task: 't', input: n, options: { agentId: `a${n}` } }));
    await pool.client().enqueueMany(inputs);
    const pulled = [pool.keys.prefix, 'w', '1', 'slot', Date.now(), 600_000];
    await runScript(pool.redis, 'pull', [pool.keys.lane('w', 'prioritized'), pool.keys.of('yard')], pulled);
    const waiting = await pool.redis.zrange(pool.keys.of('yard'), '0', '-1');
    for (const id of waiting) {
      await pool.redis.hset(pool.keys.of(`agent:${id.split('~')[0]}`), 'home', 'w');
      await pool.redis.zadd(
        pool.keys.lane('w', 'prioritized'),
        Number(await pool.redis.hget(pool.keys.of(id), 'ss')),
        id,
      );
    }
    await pool.redis.del(pool.keys.of('yard'));
    const names = ['routable', 'lane:w:prioritized', 'leader', 'leases', 'lane:w:slots', 'incarnations', 'journal'];
    const first = [pool.keys.prefix, 'w', 10, term, -1_200_000, 3, ''];
    expect(await runScript(pool.redis, 'evict', names.map(pool.keys.of), first)).toBe(11);
    expect(await pool.redis.zcard(pool.keys.of('yard'))).toBe(11);
    expect(await pool.redis.hlen(pool.keys.lane('w', 'slots'))).toBe(0);
    await pool.redis.zadd(pool.keys.of('leases'), 1, 'w');
    await pool.redis.hset(pool.keys.of('leader'), 'expiresAt', 1);
    const dispatcher = pool.dispatcher();
    await until(() => dispatcher.sweep.workersLost === 1);
    await until(async () => (await pool.redis.zcard(pool.keys.of('yard'))) === 30);
    expect(await pool.redis.exists(pool.keys.lane('w', 'slots'), pool.keys.lane('w', 'prioritized'))).toBe(0);
  });

  it('stays drained when it comes back after it was forgotten, until it has been gone for a week', async ({ pool }) => {
    const { redis, keys } = pool;
    const { term } = await lead(redis, keys, 'd', 600_000);
    const joins = (incarnation: string) => join(redis, keys, life(incarnation), registration, 1);
    const dies = async () => {
      await redis.hdel(keys.of('incarnations'), 'w');
      await forget(redis, keys, term, -600_000);
      expect(await workersOf(redis, keys)).toEqual([]);
    };
    await joins('1');
    await drain(redis, keys, 'w', { by: 'anna' });
    await orderBreaker(redis, keys, 'w', 'closed', { by: 'test' });
    await dies();
    await joins('2');
    expect(await workersOf(redis, keys)).toMatchObject([{ isDrained: true, isRoutable: false }]);
    expect(await redis.zcard(keys.of('remembered'))).toBe(0);
    await dies();
    await redis.zincrby(keys.of('remembered'), -weekMs, 'w');
    await forget(redis, keys, term, 0);
    expect(await redis.exists(keys.of('drained'), keys.of('orders'), keys.of('remembered'))).toBe(0);
    await joins('3');
    expect(await workersOf(redis, keys)).toMatchObject([{ isDrained: false, isRoutable: true }]);
  });

  it('is shown until its agents sessions are over, then forgotten', async ({ pool }) => {
    await join(pool.redis, pool.keys, life('1'), registration, 1);
    const dispatcher = pool.dispatcher({ sessionTtl: 600_000 });
    await until(() => dispatcher.sweep.workersLost === 1);
    expect(await workersOf(pool.redis, pool.keys)).toMatchObject([{ id: 'w', isRoutable: false }]);
    await changePoolConfig(pool.redis, pool.keys, { sessionTtl: '1ms' }, { nonce: 'n', by: 'test' });
    await until(async () => (await workersOf(pool.redis, pool.keys)).length === 0);
  });
});
