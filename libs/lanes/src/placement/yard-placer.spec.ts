import { type Candidate, strategy } from '@shunt/balancing';
import { describe, expect } from 'vitest';
import { configure } from '../../../../test/support/configure.js';
import { loadReport } from '../../../../test/support/load-report.js';
import type { TestPool } from '../../../../test/support/pool.js';
import { it, until } from '../../../../test/support/pool-test.js';
import { evict, lead, place, stateOf } from '../moves.js';
import { heartbeat, join, type LoadReport, type Registration, workersOf } from '../registry.js';
import { cancel } from '../tasks/cancel.js';

const longMs = 600_000;

/** Registers workers that run nothing: what is placed on them stays in their lanes. */
async function joined(pool: TestPool, workers: Record<string, Partial<Registration>>): Promise<void> {
  for (const [worker, options] of Object.entries(workers)) {
    const registration = { slots: 10_000, weight: 1, host: 'here', pid: 1, ...options };
    await join(pool.redis, pool.keys, { worker, incarnation: 'one' }, registration, longMs);
  }
}

async function reported(pool: TestPool, worker: string, load: Partial<LoadReport>): Promise<void> {
  await heartbeat(pool.redis, pool.keys, { worker, incarnation: 'one' }, loadReport('one', load), longMs, 10_000);
}

/** The home of an agent, once it has one. */
async function homeOf(pool: TestPool, agent: string): Promise<string | null> {
  await until(async () => (await pool.redis.hexists(pool.keys.of(`agent:${agent}`), 'home')) === 1);
  return pool.redis.hget(pool.keys.of(`agent:${agent}`), 'home');
}

const always = (name: string, worker: string) =>
  strategy(name, (_task, free) => free.find(({ id }) => id === worker) as Candidate);

describe('a strategy', () => {
  it('of the pool is used by its name, and another one from a switch on, with homes kept', async ({ pool }) => {
    await joined(pool, { w1: {}, w2: {} });
    const strategies = [always('to-first', 'w1'), always('to-second', 'w2')];
    const dispatcher = pool.dispatcher({ strategies, strategy: 'to-first' });
    const client = pool.client();
    const first = await client.enqueue('turn', {}, { agentId: 'a' });
    expect(await homeOf(pool, 'a')).toBe('w1');
    await cancel(pool.redis, pool.keys, first.id, longMs, 'nonce');

    await configure(pool, { strategy: 'to-second' }, dispatcher);
    const again = await client.enqueue('turn', {}, { agentId: 'a' });
    await client.enqueue('turn', {}, { agentId: 'b' });
    expect(await homeOf(pool, 'b')).toBe('w2');
    expect(await homeOf(pool, 'a')).toBe('w1');
    expect(await pool.redis.zrange(pool.keys.lane('w1', 'prioritized'), '0', '-1')).toEqual([again.id]);
    expect(pool.errors).toEqual([]);
  });

  it('that there is none of is refused by a list of those there are, and the present one stays', async ({ pool }) => {
    await joined(pool, { w1: {}, w2: {} });
    const dispatcher = pool.dispatcher({ strategies: [always('mine', 'w2')], strategy: 'mine' });
    await until(() => dispatcher.leadership.term > 0);
    const refused = configure(pool, { strategy: 'yours' });
    await expect(refused).rejects.toThrow(/strategy must be one of round-robin, .*intelligent, mine/);
    expect(() => pool.dispatcher({ strategy: 'yours' })).toThrow(/must be one of/);
    await pool.client().enqueue('turn', {}, { agentId: 'a' });
    expect(await homeOf(pool, 'a')).toBe('w2');
  });

  it('is told the agent of every task, also of one that plain BullMQ added', async ({ pool }) => {
    await joined(pool, { w1: {} });
    const told: (string | undefined)[] = [];
    const noting = strategy('noting', ({ agent }, free) => {
      told.push(agent);
      return free[0] as Candidate;
    });
    pool.dispatcher({ strategies: [noting], strategy: 'noting' });
    const queue = pool.queue();
    await queue.add('turn', { agentId: 'plain' });
    await homeOf(pool, 'plain');
    await queue.add('turn', {});
    await until(() => told.length === 2);
    await pool.client().enqueue('turn', {}, { agentId: 'own' });
    await homeOf(pool, 'own');
    expect(told).toEqual(['plain', undefined, 'own']);
  });

  it('binds late: to workers with a free slot; from a switch on early: at once, to a busy one too', async ({
    pool,
  }) => {
    await joined(pool, { w1: { slots: 1 }, w2: { slots: 1 } });
    const dispatcher = pool.dispatcher({ strategy: 'round-robin' });
    const client = pool.client();
    const yard = () => pool.redis.zcard(pool.keys.of('yard'));
    const lanes = () => Promise.all(['w1', 'w2'].map((id) => pool.redis.zcard(pool.keys.lane(id, 'prioritized'))));
    for (const agentId of ['a', 'b', 'c', 'd', 'e', 'f']) await client.enqueue('turn', {}, { agentId });
    await until(async () => (await yard()) === 4);
    expect(await lanes()).toEqual([1, 1]);
    await configure(pool, { bind: 'early' }, dispatcher);
    await client.enqueue('turn', {}, { agentId: 'g' });
    await client.enqueue('turn', {}, { agentId: 'h' });
    await until(async () => (await yard()) === 0);
    expect(await lanes()).toEqual([4, 4]);
  });

  it('intelligent heeds where a task comes from, by the table of distances', async ({ pool }) => {
    await joined(pool, { eu: { zone: 'eu-1' }, us: { zone: 'us-1' }, nowhere: {} });
    pool.dispatcher({ strategy: 'intelligent', zoneDistances: { 'eu-1': { 'us-1': 90, 'ap-1': 160 } } });
    const client = pool.client();
    for (const zone of ['us-1', 'eu-1']) await client.enqueue('turn', {}, { agentId: zone, zone });
    await client.enqueue('turn', {}, { agentId: 'far', zone: 'ap-1' });
    expect(await homeOf(pool, 'us-1')).toBe('us');
    expect(await homeOf(pool, 'eu-1')).toBe('eu');
  });

  it('is in the journal of each agent that it placed; intelligent with what each decision was made of', async ({
    pool,
  }) => {
    await joined(pool, { eu: { zone: 'eu-1', slots: 10 }, us: { zone: 'us-1', slots: 10 } });
    const zoneDistances = { 'eu-1': { 'us-1': 90 } };
    const dispatcher = pool.dispatcher({ strategy: 'intelligent', factorWeights: { distance: 0.2 }, zoneDistances });
    const client = pool.client();
    const told = async (agentId: string, zone: string) => {
      await client.enqueue('turn', {}, { agentId, zone });
      await homeOf(pool, agentId);
      const [entry] = (await client.pool.past({ agent: agentId })).entries;
      return entry?.fields;
    };
    const parts = (load: number) => `load ${load} x 0.4 + response 0.5 x 0.3 + errors 0 x 0.2 + distance 0 x 0.2`;
    expect(await told('a', 'us-1')).toMatchObject({
      ...{ event: 'placed', worker: 'us', reason: 'new', strategy: 'intelligent' },
      grounds: `${parts(0.1)} = 0.19`,
    });
    expect(await told('b', 'us-1')).toMatchObject({ worker: 'us', grounds: `${parts(0.2)} = 0.23` });
    await configure(pool, { strategy: 'round-robin' }, dispatcher);
    const plain = await told('c', 'us-1');
    expect(plain).toMatchObject({ strategy: 'round-robin' });
    expect(plain).not.toHaveProperty('grounds');
  });

  it('intelligent heeds the response times and failures that workers report', async ({ pool }) => {
    await joined(pool, { slow: {}, failing: {}, fine: {} });
    await reported(pool, 'slow', { responseMs: 5000 });
    await reported(pool, 'failing', { responseMs: 100, errorRatio: 0.9 });
    await reported(pool, 'fine', { responseMs: 100, errorRatio: 0 });
    pool.dispatcher({ strategy: 'intelligent' });
    for (const agentId of ['a', 'b', 'c']) await pool.client().enqueue('turn', {}, { agentId });
    for (const agent of ['a', 'b', 'c']) expect(await homeOf(pool, agent)).toBe('fine');
  });

  it('decides by what workers reported since, a sweep later', async ({ pool }) => {
    await joined(pool, { w1: {} });
    let seenMs: number | undefined;
    const watching = strategy('watching', (_task, free) => {
      seenMs = free[0]?.responseMs;
      return free[0] as Candidate;
    });
    pool.dispatcher({ strategies: [watching], strategy: 'watching' });
    const client = pool.client();
    await client.enqueue('turn', {}, { agentId: 'first' });
    await homeOf(pool, 'first');
    expect(seenMs).toBeUndefined();
    await reported(pool, 'w1', { responseMs: 900 });
    for (let n = 0; seenMs !== 900; n++) {
      await client.enqueue('turn', {}, { agentId: `a-${n}` });
      await homeOf(pool, `a-${n}`);
    }
  });
});

describe('a strategy in the shadow', () => {
  const strategies = [always('to-first', 'w1'), always('to-second', 'w2')];

  it('decides nothing, and how often it differs is counted by its name', async ({ pool }) => {
    await joined(pool, { w1: {}, w2: {} });
    const dispatcher = pool.dispatcher({ strategies, strategy: 'to-first', shadowStrategy: 'to-second' });
    const nothing = { agreed: 0, differed: 0, failed: 0 };
    expect([...dispatcher.shadow.counts]).toEqual([['to-second', nothing]]);
    const client = pool.client();
    for (const agentId of ['a', 'b']) await client.enqueue('turn', {}, { agentId });
    for (const agent of ['a', 'b']) expect(await homeOf(pool, agent)).toBe('w1');

    await configure(pool, { shadowStrategy: 'to-first' }, dispatcher);
    await client.enqueue('turn', {}, { agentId: 'c' });
    expect(await homeOf(pool, 'c')).toBe('w1');
    await configure(pool, { shadowStrategy: 'none' }, dispatcher);
    await client.enqueue('turn', {}, { agentId: 'd' });
    await homeOf(pool, 'd');
    expect(Object.fromEntries(dispatcher.shadow.counts)).toEqual({
      'to-first': { ...nothing, agreed: 1 },
      'to-second': { ...nothing, differed: 2 },
    });
    expect(pool.errors).toEqual([]);
  });

  it('that fails is reported, and tasks are placed all the same', async ({ pool }) => {
    await joined(pool, { w1: {} });
    const dispatcher = pool.dispatcher({ strategies, strategy: 'to-first', shadowStrategy: 'to-second' });
    await pool.client().enqueue('turn', {}, { agentId: 'a' });
    expect(await homeOf(pool, 'a')).toBe('w1');
    expect(dispatcher.shadow.counts.get('to-second')).toEqual({ agreed: 0, differed: 0, failed: 1 });
    expect(pool.errors.map(({ message }) => message)).toEqual(['strategy to-second picked no worker with a free slot']);
  });

  it('that there is none of is refused, and the present one stays', async ({ pool }) => {
    const dispatcher = pool.dispatcher({ shadowStrategy: 'random' });
    const refused = configure(pool, { shadowStrategy: 'yours' });
    await expect(refused).rejects.toThrow(/shadowStrategy must be one of round-robin, /);
    expect(() => pool.dispatcher({ shadowStrategy: 'yours' })).toThrow(/shadowStrategy must be one of/);
    expect([...dispatcher.shadow.counts.keys()]).toEqual(['random']);
  });
});

describe('a task that requires labels', () => {
  const labels = { gpu: 'a100' };
  const labelsKey = 'gpu=a100';

  it('is refused by the store for a worker that lacks one, whatever was decided', async ({ pool }) => {
    await joined(pool, { plain: {}, other: { labels: { gpu: 't4' } }, gpu: { labels: { ...labels, region: 'eu' } } });
    const { term } = await lead(pool.redis, pool.keys, 'd', longMs);
    const { id: task } = await pool.client().enqueue('turn', {}, { agentId: 'a', labels });
    const placed = (worker: string) => place(pool.redis, pool.keys, term, [{ task, worker, labelsKey }]);
    expect(await placed('plain')).toBe(0);
    expect(await placed('other')).toBe(0);
    expect(await placed('gpu')).toBe(1);
    expect(await stateOf(pool.redis, pool.keys, task)).toEqual({ state: 'lane', worker: 'gpu' });
  });

  it('never waits in the lane of a home that lacks them, as it would when that is busy', async ({ pool }) => {
    await joined(pool, { plain: {} });
    pool.dispatcher();
    const client = pool.client();
    const first = await client.enqueue('turn', {}, { agentId: 'a' });
    expect(await homeOf(pool, 'a')).toBe('plain');
    const second = await client.enqueue('turn', {}, { agentId: 'a', labels });
    await cancel(pool.redis, pool.keys, first.id, longMs, 'nonce');
    expect(await stateOf(pool.redis, pool.keys, second.id)).toEqual({ state: 'yard' });
  });

  it('is given back to its own yard by a worker that is evicted', async ({ pool }) => {
    await joined(pool, { gpu: { labels } });
    pool.dispatcher();
    const task = await pool.client().enqueue('turn', {}, { agentId: 'a', labels });
    expect(await homeOf(pool, 'a')).toBe('gpu');
    await evict(pool.redis, pool.keys, 'gpu', undefined);
    expect(await pool.redis.zrange(pool.keys.yard(labelsKey), '0', '-1')).toEqual([task.id]);
    expect(await pool.redis.exists(pool.keys.of('yard'))).toBe(0);
  });
});

describe('a worker', () => {
  it('reports where it is, what it carries, how long attempts take and how many fail', async ({ pool }) => {
    pool.dispatcher();
    pool.worker(
      async (job) => {
        if (job.name === 'bad') throw new Error('a planned failure');
      },
      { workerId: 'w', zone: 'eu-1', labels: { gpu: 'a100' } },
    );
    const client = pool.client();
    await (await client.enqueue('good', {})).result();
    await (await client.enqueue('bad', {})).result().catch(() => undefined);
    await until(async () => ((await workersOf(pool.redis, pool.keys))[0]?.load?.failed ?? 0) === 1);
    const [worker] = await workersOf(pool.redis, pool.keys);
    expect(worker).toMatchObject({ zone: 'eu-1', labels: { gpu: 'a100' } });
    expect(worker?.load?.responseMs).toBeGreaterThanOrEqual(0);
    expect(worker?.load?.errorRatio).toBeGreaterThan(0);
    expect(worker?.load?.errorRatio).toBeLessThanOrEqual(1 / 2);
  });
});
