import { checkup } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { joined, noting, told } from '../../support/agents-pool.js';
import { FaultProxy } from '../../support/fault-proxy.js';
import { Signal, type TestPool } from '../../support/pool.js';
import { it, until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';

const add = (pool: TestPool, name: string, agentId = 'a', input: object = {}) =>
  pool.client().enqueue(name, input, { agentId });

/** The task that waits first in an agent's mailbox. */
const nextOf = async (pool: TestPool, agent: string) =>
  (await pool.redis.zrange(pool.keys.of(`mailbox:${agent}`), '0', '0'))[0];

const mailboxed = async (pool: TestPool) => Number(await pool.redis.get(pool.keys.of('mailboxed')));

describe('a paused agent', () => {
  it('ends what runs, has the rest and what comes wait, and goes on in order at its home', async ({ pool }) => {
    pool.dispatcher();
    const home = noting(pool, 'w1');
    await joined(pool, 1);
    const { agents } = pool.client();
    const running = await add(pool, 'one', 'a', { held: true });
    await until(() => home.ran.length === 1);
    const second = await add(pool, 'two');
    expect([await agents.pause('a', { by: 'ops' }), await agents.pause('a')]).toEqual([true, false]);
    const third = await add(pool, 'three');
    home.go.resolve();
    await running.result();
    await (await add(pool, 'other', 'b')).result();
    const paused = { by: 'ops', sinceMs: expect.any(Number) };
    expect(await agents.get('a')).toMatchObject({ home: 'w1', task: null, waiting: 2, paused });
    expect(await pool.client().agent('a')).toMatchObject({ state: 'paused', forgottenInMs: null });
    expect(await second.status()).toMatchObject({ state: 'mailbox' });
    expect((await third.explain()).why).toMatch(/^It waits because its agent is paused by ops since /);
    expect(home.ran).toEqual(['one', 'other']);

    expect([await agents.resume('a'), await agents.resume('a')]).toEqual([true, false]);
    await third.result();
    expect(home.ran).toEqual(['one', 'other', 'two', 'three']);
    expect(await agents.get('a')).toMatchObject({ home: 'w1', waiting: 0, paused: null });
    expect(await told(pool, 'a')).toEqual(['placed w1 new', 'paused w1 ops', 'resumed w1 sdk']);
    expect(await mailboxed(pool)).toBe(0);
  });

  it('takes a task back that waits in its lane or in the yard, before those behind it', async ({ pool }) => {
    const { agents } = pool.client();
    const [first, second] = [await add(pool, 'one'), await add(pool, 'two')];
    expect(await first.status()).toMatchObject({ state: 'yard' });
    await agents.pause('a');
    expect([(await first.status()).state, await nextOf(pool, 'a'), await mailboxed(pool)]).toEqual([
      'mailbox',
      first.id,
      2,
    ]);
    await agents.resume('a');
    expect([(await first.status()).state, (await second.status()).state]).toEqual(['yard', 'mailbox']);
    expect(await mailboxed(pool)).toBe(1);

    const home = noting(pool, 'w1');
    await second.result();
    await add(pool, 'blocker', 'b', { held: true });
    await until(() => home.ran.length === 3);
    const waiting = await add(pool, 'three');
    expect(await waiting.status()).toMatchObject({ state: 'lane', worker: 'w1' });
    await agents.pause('a');
    expect((await waiting.status()).state).toBe('mailbox');
    home.go.resolve();
    await (await add(pool, 'four', 'b')).result();
    await agents.resume('a');
    await waiting.result();
    expect(home.ran).toEqual(['one', 'two', 'blocker', 'four', 'three']);
  });

  it('has waited from before its first task, past its session and a shorter one', async ({ pool }) => {
    const client = pool.client({ sessionTtl: '1ms' });
    await client.agents.pause('a');
    const task = await client.enqueue('one', {}, { agentId: 'a' });
    expect(await pool.redis.pttl(pool.keys.of('agent:a'))).toBe(-1);
    const worker = noting(pool, 'w1');
    await joined(pool, 1);
    await client.agents.pin('a', 'w1');
    await client.agents.unpin('a');
    expect(await pool.redis.pttl(pool.keys.of('agent:a'))).toBe(-1);
    await (await add(pool, 'other', 'b')).result();
    expect(worker.ran).toEqual(['other']);
    await client.agents.resume('a');
    await task.result();
    expect(await pool.redis.zcard(pool.keys.of('paused'))).toBe(0);
  });

  it('has a retry wait before its later tasks, whether at once or after its backoff', async ({ pool }) => {
    pool.dispatcher();
    const client = pool.client();
    for (const [agentId, backoff] of [
      ['a', undefined],
      ['b', { type: 'fixed', delay: 1 }],
    ] as const) {
      const [started, fail] = [new Signal(), new Signal()];
      const ran: string[] = [];
      const worker = pool.worker(async (job) => {
        ran.push(`${job.name} ${job.attemptsMade}`);
        if (job.name !== 'one' || job.attemptsMade > 0) return;
        started.resolve();
        await fail.seen;
        throw new Error('a planned failure');
      });
      const first = await client.enqueue('one', {}, { agentId, attempts: 2, backoff });
      const second = await client.enqueue('two', {}, { agentId });
      await started.seen;
      await client.agents.pause(agentId);
      fail.resolve();
      await until(async () => (await first.status()).state === 'mailbox');
      expect(await nextOf(pool, agentId)).toBe(first.id);
      await client.agents.resume(agentId);
      await second.result();
      expect(ran).toEqual(['one 0', 'one 1', 'two 0']);
      await worker.close();
    }
  });

  it('has what a dead worker ran wait, and loses nothing', async ({ pool }) => {
    const proxy = await FaultProxy.open(pool.url);
    const dead = noting(pool, 'w1', { connection: { url: proxy.url } as never, lease: 3000 });
    await joined(pool, 1);
    const { agents } = pool.client();
    const running = await add(pool, 'one', 'a', { held: true });
    const second = await add(pool, 'two');
    await until(() => dead.ran.length === 1);
    await agents.pause('a');
    // New connections are of no use either, so that it is away until this is over.
    proxy.become({ requests: { isHeld: true }, replies: { isHeld: true } });
    pool.dispatcher();
    const other = noting(pool, 'w2');
    other.go.resolve();
    await until(async () => (await running.status()).state === 'mailbox');
    expect(await nextOf(pool, 'a')).toBe(running.id);
    await agents.resume('a');
    await second.result();
    expect(other.ran).toEqual(['one', 'two']);
    proxy.unblock();
    dead.go.resolve();
    await dead.worker.close(true);
    await proxy.close();
  });

  it('stays paused when it is moved, released and pinned, and its home is drained', async ({ pool }) => {
    pool.dispatcher();
    const workers = [noting(pool, 'w1'), noting(pool, 'w2')];
    await joined(pool, 2);
    const { agents, workers: fleet } = pool.client();
    await agents.pin('a', 'w1');
    await (await add(pool, 'one')).result();
    await agents.pause('a');
    const task = await add(pool, 'two');
    for (const act of [
      () => agents.unpin('a'),
      () => fleet.drain('w1'),
      () => agents.release('a'),
      () => agents.move('a', 'w2'),
      () => agents.pin('a', 'w2'),
    ]) {
      await act();
      expect((await task.status()).state).toBe('mailbox');
    }
    await agents.resume('a');
    await task.result();
    expect(workers.map(({ ran }) => ran)).toEqual([['one'], ['two']]);
  });

  it('is nothing that the watchdog repairs or a checkup finds', async ({ pool }) => {
    const dispatcher = pool.dispatcher({ sweep: 20 });
    const { agents } = pool.client();
    await agents.pause('a');
    const task = await add(pool, 'one');
    const stuck = await add(pool, 'one', 'stuck');
    await pool.redis.zrem(pool.keys.of('yard'), stuck.id);
    await until(() => dispatcher.watchdog.repairs.current > 0);
    expect(dispatcher.watchdog.repairs).toMatchObject({ mailbox: 0 });
    expect((await task.status()).state).toBe('mailbox');
    expect((await checkup(pool.redis, pool.keys)).stuckAgents).not.toContain('a');
  });

  it('lets its waiting tasks be cancelled, and goes on with what is left', async ({ pool }) => {
    pool.dispatcher();
    const worker = noting(pool, 'w1');
    const { agents } = pool.client();
    await agents.pause('a');
    const [first, second] = [await add(pool, 'one'), await add(pool, 'two')];
    expect(await first.cancel()).toBe('cancelled');
    await agents.resume('a');
    await second.result();
    expect([worker.ran, await mailboxed(pool)]).toEqual([['two'], 0]);
  });

  it('is paused and resumed by a name that can be told', async ({ pool }) => {
    const { agents } = pool.client();
    for (const by of ['', 'x'.repeat(101), 'a\nb', 7 as never])
      for (const call of [() => agents.pause('a', { by }), () => agents.resume('a', { by })])
        expect(await refusalOf(call)).toMatchObject({ code: 'INVALID_TASK', details: [{ field: 'by' }] });
    expect((await refusalOf(() => agents.pause(''))).details).toMatchObject([{ field: 'agentId' }]);
    expect(await pool.redis.keys(`${pool.keys.prefix}*`)).toEqual([]);
  });
});
