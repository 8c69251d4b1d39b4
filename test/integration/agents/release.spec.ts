import type { AgentRelease } from '@shunt/lanes';
import { createWorker } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { joined, noting, told } from '../../support/agents-pool.js';
import { Signal } from '../../support/pool.js';
import { it, until } from '../../support/pool-test.js';

describe('an agent that is released', () => {
  it('while it is idle loses its home, which closes its state with the reason', async ({ pool }) => {
    pool.dispatcher();
    const closed: string[] = [];
    const worker = createWorker({
      redis: pool.url,
      pool: pool.pool,
      id: 'w1',
      heartbeat: 100,
      handlers: { turn: async (_input, { agent }) => agent?.home },
      onAgentOpen: ({ id }) => id,
      onAgentClose: ({ id }, reason) => {
        closed.push(`${id} ${reason}`);
      },
    });
    const ended = worker.run();
    const client = pool.client();
    const turn = async () => (await client.enqueue('turn', {}, { agentId: 'a' })).result();
    expect([await turn(), await turn()]).toEqual(['cold', 'warm']);
    expect(await client.agents.release('a')).toBe(true);
    await until(() => closed.length === 1);
    expect(closed).toEqual(['a released']);
    expect((await client.agents.get('a')).home).toBeNull();
    expect(await client.agents.release('a')).toBe(false);
    expect(await turn()).toBe('cold');
    await worker.close();
    await ended;
    expect(await told(pool, 'a')).toEqual(['placed w1 new', 'released w1 sdk', 'moved w1 returned']);
  });

  it('with a task that waits has it run wherever a slot is free', async ({ pool }) => {
    pool.dispatcher({ affinity: 'strict' });
    const home = noting(pool, 'w1');
    const client = pool.client();
    await (await client.enqueue('one', {}, { agentId: 'a' })).result();
    await client.enqueue('blocker', { held: true }, { agentId: 'b' });
    await until(() => home.ran.length === 2);
    const waiting = await client.enqueue('two', {}, { agentId: 'a' });
    const other = noting(pool, 'w2');
    await joined(pool, 2);
    expect(await waiting.status()).toMatchObject({ state: 'lane', worker: 'w1' });
    await client.agents.release('a');
    await waiting.result();
    expect(other.ran).toEqual(['two']);
    expect(await told(pool, 'a')).toContain('moved w2 released');
    expect(await pool.redis.hget(pool.keys.of('bound'), 'released')).toBe('1');
    home.go.resolve();
  });

  it('while it runs ends its task first, and hears of it then', async ({ pool }) => {
    pool.dispatcher();
    const released: AgentRelease[] = [];
    const home = noting(pool, 'w1', { onAgentRelease: (release) => released.push(release) });
    const client = pool.client();
    const running = await client.enqueue('one', { held: true }, { agentId: 'a' });
    await until(() => home.ran.length === 1);
    await client.agents.release('a');
    await until(() => released.length === 1);
    expect(released).toMatchObject([{ agent: 'a', reason: 'released' }]);
    expect(await running.status()).toMatchObject({ state: 'running', worker: 'w1' });
    await home.worker.pause(true);
    const other = noting(pool, 'w2');
    await joined(pool, 1);
    const next = await client.enqueue('two', {}, { agentId: 'a' });
    home.go.resolve();
    await running.result();
    await next.result();
    expect([home.ran, other.ran]).toEqual([['one'], ['two']]);
  });

  it('though it is pinned comes back to where it is pinned, under a higher fence', async ({ pool }) => {
    pool.dispatcher();
    const home = noting(pool, 'w1');
    await joined(pool, 1);
    noting(pool, 'w2');
    await joined(pool, 2);
    const client = pool.client();
    await client.agents.pin('a', 'w1');
    await (await client.enqueue('one', {}, { agentId: 'a' })).result();
    const { fence } = await client.agents.get('a');
    await client.agents.release('a');
    await (await client.enqueue('two', {}, { agentId: 'a' })).result();
    expect(home.ran).toEqual(['one', 'two']);
    expect((await client.agents.get('a')).fence).toBeGreaterThan(fence);
  });

  it('and that nobody knows has no home to lose', async ({ pool }) => {
    const { agents } = pool.client();
    expect(await agents.release('nobody')).toBe(false);
    expect(await agents.get('nobody')).toEqual({
      id: 'nobody',
      home: null,
      fence: 0,
      task: null,
      waiting: 0,
      pin: null,
      paused: null,
    });
    await expect(agents.release('')).rejects.toMatchObject({ code: 'INVALID_TASK', details: [{ field: 'agentId' }] });
    await expect(agents.get('\u0000')).rejects.toMatchObject({ code: 'INVALID_TASK' });
    expect(await pool.redis.keys(`${pool.keys.prefix}*`)).toEqual([]);
  });
});

it('a state is closed once, however often its release is told', async ({ pool }) => {
  pool.dispatcher();
  const gone = new Signal();
  const released: AgentRelease[] = [];
  noting(pool, 'w1', {
    onAgentRelease: (release) => {
      released.push(release);
      gone.resolve();
    },
  });
  const client = pool.client();
  await (await client.enqueue('one', {}, { agentId: 'a' })).result();
  await client.agents.release('a');
  await gone.seen;
  await until(async () => (await pool.redis.exists(pool.keys.of('lane:w1:closes'))) === 0);
  expect(released).toHaveLength(1);
});
