import type { AgentRelease, LaneWorkerOptions } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

/** A worker that can hold the states of two agents, and what it was told to end. */
function smallWorker(pool: TestPool, workerId: string, options: Partial<LaneWorkerOptions> = {}) {
  const released: AgentRelease[] = [];
  const homes: string[] = [];
  const worker = pool.worker(
    async (job, own) => {
      homes.push(`${job.data.agentId} ${own.agentOf(job.id ?? '')?.home}`);
    },
    { workerId, maxAgents: 2, onAgentRelease: (release) => released.push(release), ...options },
  );
  return { worker, released, homes };
}

const homeOf = (pool: TestPool, agent: string) => pool.redis.hget(pool.keys.of(`agent:${agent}`), 'home');
const run = async (pool: TestPool, agents: readonly string[]) => {
  const client = pool.client();
  for (const agentId of agents) await (await client.enqueue('turn', { agentId }, { agentId })).result();
};
const lastMove = async (pool: TestPool) =>
  (await pool.redis.xrevrange(pool.keys.of('journal'), '+', '-', 'COUNT', 1))[0]?.[1];

describe('a worker that can hold two agents', () => {
  it('is told to end the least recently served one when it starts a third, which loses its home and is cold again', async ({
    pool,
  }) => {
    pool.dispatcher();
    const { released, homes } = smallWorker(pool, 'w');
    await run(pool, ['a', 'b', 'a', 'c']);
    await until(() => released.length === 1);
    expect(released).toMatchObject([{ agent: 'b', reason: 'evicted' }]);
    expect(await Promise.all(['a', 'b', 'c'].map((agent) => homeOf(pool, agent)))).toEqual(['w', null, 'w']);
    await run(pool, ['b']);
    expect(homes).toEqual(['a cold', 'b cold', 'a warm', 'c cold', 'b cold']);
    expect(await lastMove(pool)).toEqual(expect.arrayContaining(['moved', 'b', 'w', 'returned']));
    await until(() => released.length === 2);
    expect(released[1]).toMatchObject({ agent: 'a', reason: 'evicted' });
  });

  it('loses an agent to another worker with the reason evicted-state', async ({ pool }) => {
    pool.dispatcher();
    const { worker } = smallWorker(pool, 'w1');
    await run(pool, ['a', 'b', 'c']);
    await until(async () => (await homeOf(pool, 'a')) === null);
    await worker.close();
    smallWorker(pool, 'w2');
    await run(pool, ['a']);
    expect(await lastMove(pool)).toEqual(expect.arrayContaining(['moved', 'a', 'w1', 'w2', 'evicted-state']));
  });

  it('keeps an agent whose task runs, however long ago it began', async ({ pool }) => {
    pool.dispatcher();
    const started = new Signal();
    const go = new Signal();
    const released: AgentRelease[] = [];
    pool.worker(
      async (job) => {
        if (job.name !== 'long') return;
        started.resolve();
        await go.seen;
      },
      { workerId: 'w', concurrency: 2, maxAgents: 1, onAgentRelease: (release) => released.push(release) },
    );
    const client = pool.client();
    const long = await client.enqueue('long', {}, { agentId: 'a' });
    await started.seen;
    await run(pool, ['b', 'c']);
    await until(() => released.some(({ agent }) => agent === 'b'));
    expect(await homeOf(pool, 'a')).toBe('w');
    expect(released.map(({ agent }) => agent)).not.toContain('a');
    go.resolve();
    await long.result();
  });

  it('loses an agent whose task waits in its lane, which runs in its turn, cold', async ({ pool }) => {
    pool.dispatcher({ affinity: 'strict' });
    const started = new Signal();
    const go = new Signal();
    const ran: string[] = [];
    const released: AgentRelease[] = [];
    pool.worker(
      async (job, own) => {
        ran.push(`${job.name} ${own.agentOf(job.id ?? '')?.home}`);
        if (job.name !== 'held') return;
        started.resolve();
        await go.seen;
      },
      { workerId: 'w', maxAgents: 2, onAgentRelease: (release) => released.push(release) },
    );
    await run(pool, ['a', 'b']);
    const client = pool.client();
    await client.enqueue('held', {}, { agentId: 'c' });
    // Before the third agent starts: what it puts out waits there by then.
    const waiting = await client.enqueue('waiting', {}, { agentId: 'a' });
    await started.seen;
    go.resolve();
    await waiting.result({ timeout: '60s' });
    await until(() => released.length >= 1);
    expect(released[0]).toMatchObject({ agent: 'a', reason: 'evicted' });
    expect(ran.at(-1)).toBe('waiting cold');
    expect(await pool.redis.zcard(pool.keys.of('held:w'))).toBe(2);
  });

  it('hears of it by its heartbeat where the answer of its pull got lost, until it has said that it did', async ({
    pool,
  }) => {
    pool.dispatcher();
    const { released } = smallWorker(pool, 'w');
    await run(pool, ['a']);
    await pool.redis.hset(pool.keys.of('lane:w:closes'), 'lost', '5 evicted');
    await until(async () => (await pool.redis.exists(pool.keys.of('lane:w:closes'))) === 0);
    expect(released).toEqual([{ agent: 'lost', fence: 5, reason: 'evicted' }]);
  });

  it('is told of an agent that moved while it lives', async ({ pool }) => {
    pool.dispatcher();
    const { released, worker } = smallWorker(pool, 'w1', { maxAgents: undefined });
    await run(pool, ['a']);
    await worker.pause();
    smallWorker(pool, 'w2');
    await run(pool, ['a']);
    await until(() => released.length > 0);
    expect(released[0]).toMatchObject({ agent: 'a', reason: 'moved' });
    expect(await pool.redis.exists(pool.keys.of('held:w1'))).toBe(0);
  });

  it('tells that it dropped an agent, whose waiting task goes to others', async ({ pool }) => {
    pool.dispatcher({ affinity: 'strict' });
    const busy = new Signal();
    const go = new Signal();
    const first = pool.worker(
      async (job) => {
        if (job.name !== 'long') return;
        busy.resolve();
        await go.seen;
      },
      { workerId: 'w1' },
    );
    await run(pool, ['a']);
    const client = pool.client();
    await client.enqueue('long', {}, { agentId: 'b' });
    await busy.seen;
    const waiting = await client.enqueue('turn', { agentId: 'a' }, { agentId: 'a' });
    const { homes } = smallWorker(pool, 'w2');
    expect(await first.dropAgents(['a', 'b', 'nobody'])).toBe(2);
    await waiting.result({ timeout: '60s' });
    expect(homes).toEqual(['a cold']);
    expect(await lastMove(pool)).toEqual(expect.arrayContaining(['moved', 'a', 'w1', 'w2', 'evicted-state']));
    go.resolve();
  });
});
