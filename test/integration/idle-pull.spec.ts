import { type LaneWorkerOptions, redisTimeMs, stateOf } from '@shunt/lanes';
import type { Job } from 'bullmq';
import { describe, expect } from 'vitest';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

/** A worker whose tasks run until `go` is resolved, and what it ran. */
function heldWorker(pool: TestPool, workerId: string, options: Partial<LaneWorkerOptions> = {}) {
  const go = new Signal();
  const ran: string[] = [];
  const fences: number[] = [];
  const worker = pool.worker(
    async (job: Job, own) => {
      ran.push(job.name);
      fences.push(own.agentOf(job.id ?? '')?.fence ?? 0);
      if (job.data.held) await go.seen;
    },
    { workerId, ...options },
  );
  return { worker, go, ran, fences };
}

/** A pool with agents `a` and `b` at home on `w1`, which has one slot and is busy with a task of `b`. */
async function busyHome(pool: TestPool, spillAfter: number, affinity: 'soft' | 'strict' = 'soft') {
  pool.dispatcher({ spillAfter, affinity });
  const home = heldWorker(pool, 'w1');
  const client = pool.client();
  await (await client.enqueue('first', {}, { agentId: 'a' })).result();
  await client.enqueue('blocker', { held: true }, { agentId: 'b' });
  await until(() => home.ran.length === 2);
  return { home, client };
}

const readyAtMs = async (pool: TestPool, entry: string) =>
  Number(await pool.redis.zscore(pool.keys.of('stealable'), entry));
const redisNow = (pool: TestPool) => redisTimeMs(pool.redis);

const patienceMs = 600_000;
const isIdle = async (pool: TestPool, worker: string) =>
  (await pool.redis.zscore(pool.keys.of('idle'), worker)) !== null;

/** Resolves once the leader has published that patience. */
const isPublished = (pool: TestPool) =>
  until(async () => (await pool.redis.hget(pool.keys.of('pull'), 'patienceMs')) === String(patienceMs));

/** How long the second of three tasks of agent `a` has to wait for its home, offered as a task of `b` that came before it has the slot. */
async function patienceOfSecond(pool: TestPool, prepare: () => Promise<unknown>): Promise<number> {
  pool.dispatcher({ spillAfter: patienceMs });
  const [first, other] = [new Signal(), new Signal()];
  const ran: string[] = [];
  pool.worker(
    async ({ name }: Job) => {
      ran.push(name);
      await (name === 'first' ? first : other).seen;
    },
    { workerId: 'w1' },
  );
  const client = pool.client();
  await pool.redis.hset(pool.keys.of('agent:b'), 'home', 'w1');
  await client.enqueue('first', {}, { agentId: 'a' });
  await until(() => ran.length === 1);
  await isPublished(pool);
  await prepare();
  await client.enqueue('between', {}, { agentId: 'b' });
  const second = await client.enqueue('second', {}, { agentId: 'a' });
  await client.enqueue('third', {}, { agentId: 'a' });
  first.resolve();
  await until(() => ran.length === 2);
  expect(ran).toEqual(['first', 'between']);
  const sinceMs = Number(await pool.redis.hget(pool.keys.of('agent:a'), 'since'));
  const waitMs = (await readyAtMs(pool, `w1 ${second.id}`)) - sinceMs;
  other.resolve();
  return waitMs;
}

describe('the patience of an agent that has more than one task', () => {
  it('is shared by its waiting tasks beside an idle worker', async ({ pool }) => {
    const joinStranger = async () => {
      heldWorker(pool, 'w2');
      await until(() => isIdle(pool, 'w2'));
    };
    expect(await patienceOfSecond(pool, joinStranger)).toBe(patienceMs / 2);
  });

  it('is shared by them while nobody is idle as well', async ({ pool }) => {
    expect(await patienceOfSecond(pool, async () => undefined)).toBe(patienceMs / 2);
  });

  it('becomes shorter with each task that comes behind the one in the lane', async ({ pool }) => {
    const { home, client } = await busyHome(pool, patienceMs);
    await isPublished(pool);
    heldWorker(pool, 'w2');
    await until(() => isIdle(pool, 'w2'));
    const { id } = await client.enqueue('second', {}, { agentId: 'a' });
    const alone = await readyAtMs(pool, `w1 ${id}`);
    const sooner: number[] = [];
    for (let more = 0; more < 3; more++) {
      await client.enqueue('more', {}, { agentId: 'a' });
      sooner.push(alone - (await readyAtMs(pool, `w1 ${id}`)));
    }
    expect(sooner).toEqual([2, 3, 4].map((tasks) => patienceMs - patienceMs / tasks));
    home.go.resolve();
  });
});

describe('an idle worker', () => {
  it('takes a task from a busy home once its patience is over, not before, and the agent moves with a higher fence', async ({
    pool,
  }) => {
    const { home, client } = await busyHome(pool, 400);
    const stranger = heldWorker(pool, 'w2');
    await until(async () => (await pool.redis.zscore(pool.keys.of('idle'), 'w2')) !== null);
    const task = await client.enqueue('second', {}, { agentId: 'a' });
    const fromMs = await readyAtMs(pool, `w1 ${task.id}`);
    await task.result({ timeout: '60s' });
    expect(stranger.ran).toEqual(['second']);
    expect(stranger.fences[0]).toBeGreaterThan(home.fences[0] as number);
    const [latest] = await pool.redis.xrevrange(pool.keys.of('journal'), '+', '-', 'COUNT', 1);
    expect(latest?.[1]).toEqual(expect.arrayContaining(['moved', 'a', 'w1', 'w2', 'idle-pull']));
    expect(Number(latest?.[0].split('-')[0])).toBeGreaterThanOrEqual(fromMs);
    expect(await pool.redis.exists(pool.keys.of('stealable'))).toBe(0);
    const next = await client.enqueue('third', {}, { agentId: 'a' });
    await next.result({ timeout: '60s' });
    expect(stranger.ran).toEqual(['second', 'third']);
    home.go.resolve();
  });

  it('takes an agent that was bound and has not run yet for free, also with most of its slots busy', async ({
    pool,
  }) => {
    const { redis, keys } = pool;
    const home = heldWorker(pool, 'w1');
    const client = pool.client();
    await client.enqueue('blocker', { held: true }, { agentId: 'a' });
    await until(() => home.ran.length === 1);
    const stranger = heldWorker(pool, 'w2', { concurrency: 3 });
    await Promise.all(['b', 'c'].map((agentId) => client.enqueue('blocker', { held: true }, { agentId })));
    await until(() => stranger.ran.length === 2);
    await stranger.worker.pause(true);
    const ran = await client.enqueue('ran', {}, { agentId: 'd' });
    const bound = await client.enqueue('bound', {}, { agentId: 'e' });
    // As a placement leaves them when their home fills its last slot with an older task of the yard.
    await redis.hset(keys.of('agent:d'), 'home', 'w1', 'ran', 'w1:life');
    await redis.hset(keys.of('agent:e'), 'home', 'w1');
    for (const { id } of [ran, bound]) {
      await redis.zrem(keys.of('yard'), id);
      await redis.zadd(keys.lane('w1', 'prioritized'), 1, id);
      await redis.zadd(keys.of('stealable'), 1, `w1 ${id}`);
    }
    await stranger.worker.resume();
    await bound.result({ timeout: '60s' });
    expect(stranger.ran).toEqual(['blocker', 'blocker', 'bound']);
    home.go.resolve();
    stranger.go.resolve();
    await ran.result({ timeout: '60s' });
  });

  it('finds the one task it may run behind any number that wait for workers with labels', async ({ pool }) => {
    const { redis, keys } = pool;
    pool.dispatcher({ spillAfter: 0 });
    const home = heldWorker(pool, 'w1', { labels: { gpu: 'a100' } });
    const client = pool.client();
    await client.enqueue('blocker', { held: true }, { agentId: 'b' });
    await until(() => home.ran.length === 1);
    const behind = Array.from({ length: 300 }, (_, n) => `gpu-${n}`);
    for (const agent of [...behind, 'a']) await redis.hset(keys.of(`agent:${agent}`), 'home', 'w1');
    const labels = { gpu: 'a100' };
    const labelled = await client.enqueueMany(
      behind.map((agentId) => ({ task: 'labelled', input: {}, options: { agentId, labels } })),
    );
    const task = await client.enqueue('plain', {}, { agentId: 'a' });
    expect(await redis.zrank(keys.of('stealable'), `w1 ${task.id}`)).toBe(labelled.length);
    const stranger = heldWorker(pool, 'w2');
    await task.result({ timeout: '60s' });
    expect(stranger.ran).toEqual(['plain']);
    home.go.resolve();
  });

  it('takes what waits in the lane of a worker that froze with all its slots free', async ({ pool }) => {
    pool.dispatcher({ spillAfter: 200 });
    const home = heldWorker(pool, 'w1', { lease: 600_000 });
    const client = pool.client();
    await (await client.enqueue('first', {}, { agentId: 'a' })).result();
    await home.worker.close(true);
    const stranger = heldWorker(pool, 'w2');
    await until(async () => (await pool.redis.zscore(pool.keys.of('idle'), 'w2')) !== null);
    const task = await client.enqueue('second', {}, { agentId: 'a' });
    await task.result({ timeout: '60s' });
    expect(stranger.ran).toEqual(['second']);
  });

  it('that joins a pool with a backlog fills every slot, and takes no more', async ({ pool }) => {
    pool.dispatcher({ spillAfter: 200 });
    const old = ['w1', 'w2'].map((id) => heldWorker(pool, id, { concurrency: 4 }));
    const client = pool.client();
    const agents = Array.from({ length: 40 }, (_, n) => `a${n}`);
    const settled = await Promise.all(agents.map((agentId) => client.enqueue('first', {}, { agentId })));
    await Promise.all(settled.map((task) => task.result({ timeout: '60s' })));
    await Promise.all(agents.map((agentId) => client.enqueue('held', { held: true }, { agentId })));
    const holds = ({ ran }: { ran: string[] }) => ran.filter((name) => name === 'held').length;
    await until(() => old.every((worker) => holds(worker) === 4));
    const joined = ['w3', 'w4', 'w5'].map((id) => heldWorker(pool, id, { concurrency: 4 }));
    await until(() => joined.every((worker) => holds(worker) === 4));
    expect([...old, ...joined].map(holds)).toEqual([4, 4, 4, 4, 4]);
    for (const { go } of [...old, ...joined]) go.resolve();
  });

  it('leaves a task to a home whose agents are strict', async ({ pool }) => {
    pool.dispatcher({ affinity: 'strict' });
    const home = heldWorker(pool, 'w1');
    const client = pool.client();
    await (await client.enqueue('first', {}, { agentId: 'a' })).result();
    await client.enqueue('blocker', { held: true }, { agentId: 'b' });
    await until(() => home.ran.length === 2);
    const stranger = heldWorker(pool, 'w2');
    await until(async () => (await pool.redis.zscore(pool.keys.of('idle'), 'w2')) !== null);
    const task = await client.enqueue('second', {}, { agentId: 'a' });
    expect(await stateOf(pool.redis, pool.keys, task.id)).toEqual({ state: 'lane', worker: 'w1' });
    expect(await pool.redis.exists(pool.keys.of('stealable'))).toBe(0);
    home.go.resolve();
    await task.result({ timeout: '60s' });
    expect([home.ran, stranger.ran]).toEqual([['first', 'blocker', 'second'], []]);
  });

  it('heeds the affinity of single tasks: never a strict one, one with a timeout or a time to spill after that, one without affinity at once', async ({
    pool,
  }) => {
    const { home, client } = await busyHome(pool, 600_000);
    for (const agent of ['c', 'd', 'e']) await pool.redis.hset(pool.keys.of(`agent:${agent}`), 'home', 'w1');
    const stranger = heldWorker(pool, 'w2');
    await until(async () => (await pool.redis.zscore(pool.keys.of('idle'), 'w2')) !== null);
    const strict = await client.enqueue('strict', {}, { agentId: 'a', affinity: 'strict' });
    const free = await client.enqueue('free', {}, { agentId: 'd', affinity: 'none' });
    const bounded = await client.enqueue('bounded', {}, { agentId: 'c', affinity: 'strict', affinityTimeout: 300 });
    const soft = await client.enqueue('soft', {}, { agentId: 'e', spillAfter: 600 });
    for (const task of [bounded, free, soft]) await task.result({ timeout: '60s' });
    expect(stranger.ran).toEqual(['free', 'bounded', 'soft']);
    expect(await stateOf(pool.redis, pool.keys, strict.id)).toEqual({ state: 'lane', worker: 'w1' });
    home.go.resolve();
    await strict.result({ timeout: '60s' });
    expect(home.ran.at(-1)).toBe('strict');
  });

  it('takes a soft task of a strict pool after its patience, whoever added it', async ({ pool }) => {
    const { home, client } = await busyHome(pool, 200, 'strict');
    for (const agent of ['c', 'd', 'e']) await pool.redis.hset(pool.keys.of(`agent:${agent}`), 'home', 'w1');
    await until(async () => (await pool.redis.hget(pool.keys.of('pull'), 'patienceMs')) === '-1');
    const stranger = heldWorker(pool, 'w2');
    await until(() => isIdle(pool, 'w2'));
    const usual = await client.enqueue('usual', {}, { agentId: 'c' });
    const soft = await client.enqueue('soft', {}, { agentId: 'a', affinity: 'soft' });
    await soft.result({ timeout: '60s' });
    await pool.queue().add('plain', { agentId: 'd' }, { affinity: 'soft' } as object);
    await until(() => stranger.ran.length === 2);
    await pool.queue().add('spilled', { agentId: 'e' }, { spillAfter: 100 } as object);
    await until(() => stranger.ran.length === 3);
    expect(stranger.ran).toEqual(['soft', 'plain', 'spilled']);
    expect(await stateOf(pool.redis, pool.keys, usual.id)).toEqual({ state: 'lane', worker: 'w1' });
    home.go.resolve();
    await usual.result({ timeout: '60s' });
  });

  it('heeds the affinity of tasks that plain BullMQ or a schedule adds', async ({ pool }) => {
    const { home, client } = await busyHome(pool, patienceMs);
    for (const agent of ['c', 'd', 'e']) await pool.redis.hset(pool.keys.of(`agent:${agent}`), 'home', 'w1');
    const stranger = heldWorker(pool, 'w2');
    await until(() => isIdle(pool, 'w2'));
    const queue = pool.queue();
    const strict = await queue.add('strict', { agentId: 'a' }, { affinity: 'strict' } as object);
    await queue.add('bounded', { agentId: 'c' }, { affinity: 'strict', affinityTimeout: 200 } as object);
    await until(() => stranger.ran.length === 1);
    await queue.add('none', { agentId: 'd' }, { affinity: 'none' } as object);
    await until(() => stranger.ran.length === 2);
    await client.schedules.upsert('s', { every: '1h' }, 'firing', {}, { agentId: 'e', affinity: 'none' });
    await until(() => stranger.ran.length === 3);
    expect(stranger.ran).toEqual(['bounded', 'none', 'firing']);
    expect(await stateOf(pool.redis, pool.keys, strict.id ?? '')).toEqual({ state: 'lane', worker: 'w1' });
    home.go.resolve();
  });

  it('is told of the next task whose patience ends by whoever becomes full', async ({ pool }) => {
    const { home, client } = await busyHome(pool, 300);
    const agents = ['c', 'd'];
    await pool.redis.hset(pool.keys.of('agent:c'), 'home', 'w1');
    await pool.redis.hset(pool.keys.of('agent:d'), 'home', 'w1');
    const strangers = ['w2', 'w3'].map((id) => heldWorker(pool, id));
    await until(async () => (await pool.redis.zcard(pool.keys.of('idle'))) === 2);
    for (const agentId of agents) await client.enqueue('taken', { held: true }, { agentId });
    await until(() => strangers.every(({ ran }) => ran.length === 1));
    for (const { go } of [home, ...strangers]) go.resolve();
  });

  it('that is more than half busy needs a move of the budget', async ({ pool }) => {
    pool.dispatcher({ spillAfter: 0, moveBudget: 0 });
    const home = heldWorker(pool, 'w1');
    const client = pool.client();
    const stranger = heldWorker(pool, 'w2', { concurrency: 3 });
    await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 2);
    for (const [agent, worker] of [
      ['a', 'w1'],
      ['b', 'w1'],
      ['x', 'w2'],
      ['y', 'w2'],
    ] as const) {
      await pool.redis.hset(pool.keys.of(`agent:${agent}`), 'home', worker, 'ran', `${worker}:before`);
    }
    const hold = (agentId: string) => client.enqueue('held', { held: true }, { agentId });
    for (const agentId of ['b', 'x', 'y']) await hold(agentId);
    await until(() => home.ran.length + stranger.ran.length === 3);
    const task = await client.enqueue('second', {}, { agentId: 'a' });
    const isIdle = async () => (await pool.redis.zscore(pool.keys.of('idle'), 'w2')) !== null;
    await until(isIdle);
    const lookedAt = await pool.redis.zscore(pool.keys.of('idle'), 'w2');
    await until(async () => (await pool.redis.zscore(pool.keys.of('idle'), 'w2')) !== lookedAt);
    expect((await stateOf(pool.redis, pool.keys, task.id)).state).toBe('lane');
    expect(await redisNow(pool)).toBeGreaterThanOrEqual(await readyAtMs(pool, `w1 ${task.id}`));
    await pool.redis.hset(pool.keys.of('pull'), 'spent', -1);
    await task.result({ timeout: '60s' });
    expect(stranger.ran).toContain('second');
    expect(await pool.redis.hget(pool.keys.of('pull'), 'spent')).toBe('0');
    for (const { go } of [home, stranger]) go.resolve();
  });
});
