import type { TaskContext, WorkerOptions } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { it, type SdkPool } from './sdk-pool.js';

/** A worker that keeps a counter per agent, and what it opened and closed. */
function counting(pool: SdkPool, id: string, options: Partial<WorkerOptions> = {}) {
  const told: string[] = [];
  const worker = pool.serve(
    {
      turn: (_input, { agent }: TaskContext) => {
        if (agent === null) return 'nobody';
        agent.state.count++;
        return agent.state.count;
      },
    },
    {
      id,
      onAgentOpen: async (agent) => {
        told.push(`open ${agent.id}`);
        return { count: 0 };
      },
      onAgentClose: async (agent, reason) => {
        told.push(`close ${agent.id} ${agent.state.count} ${reason}`);
      },
      ...options,
    },
  );
  return { worker, told };
}

describe("a worker's state of an agent", () => {
  it('is opened before its first task, handed to each, and closed when the worker stops', async ({ pool, client }) => {
    const { worker, told } = counting(pool, 'w');
    const turn = async (agentId?: string) => (await client.enqueue('turn', null, { agentId })).result();
    expect([await turn('ä'), await turn('ä'), await turn()]).toEqual([1, 2, 'nobody']);
    expect(told).toEqual(['open ä']);
    await worker.close();
    expect(told).toEqual(['open ä', 'close ä 2 shutdown']);
  });

  it('is closed with evicted when the worker starts an agent more than it can hold', async ({ pool, client }) => {
    const { told } = counting(pool, 'w', { maxAgents: 2 });
    for (const agentId of ['a', 'b', 'a', 'c']) await (await client.enqueue('turn', null, { agentId })).result();
    await until(() => told.includes('close b 1 evicted'));
    await (await client.enqueue('turn', null, { agentId: 'b' })).result();
    await until(() => told.includes('close a 2 evicted'));
    expect(told.filter((line) => line.startsWith('open'))).toEqual(['open a', 'open b', 'open c', 'open b']);
  });

  it('is opened anew when its end takes too long, and what comes later waits for that no more', async ({
    pool,
    client,
  }) => {
    const mayClose = new Signal();
    const options = { handOffTimeout: 50, onAgentClose: () => mayClose.seen };
    const { worker, told } = counting(pool, 'w', options);
    for (let turn = 0; turn < 3; turn++) {
      expect(await (await client.enqueue('turn', null, { agentId: 'a' })).result()).toBe(1);
      await worker.dropAgent('a');
    }
    expect(told).toEqual(['open a', 'open a', 'open a']);
    const late = 'onAgentClose of agent a goes on after 50 ms: its state is opened anew';
    expect(pool.errors.splice(0).map(({ message }) => message)).toEqual([late, late]);
    mayClose.resolve();
  });

  it('is closed with moved on a worker that lives, once the agent ran elsewhere', async ({ pool, client }) => {
    const first = counting(pool, 'w1');
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    await first.worker.lane.pause();
    const second = counting(pool, 'w2');
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    await until(() => first.told.length === 2);
    expect([first.told, second.told]).toEqual([['open a', 'close a 1 moved'], ['open a']]);
  });

  it('is closed with dropped once its task has ended, and opened anew for the next', async ({ pool, client }) => {
    const told: string[] = [];
    const busy = new Signal();
    const go = new Signal();
    const worker = pool.serve(
      {
        turn: async (isHeld: boolean) => {
          busy.resolve();
          if (isHeld) await go.seen;
          told.push('ran');
        },
      },
      { id: 'w', onAgentOpen: () => void told.push('open'), onAgentClose: (_, reason) => void told.push(reason) },
    );
    const running = await client.enqueue('turn', true, { agentId: 'a' });
    await busy.seen;
    expect(await worker.dropAgent('a')).toBe(true);
    expect(await worker.dropAgent('b')).toBe(false);
    go.resolve();
    await running.result();
    await (await client.enqueue('turn', false, { agentId: 'a' })).result();
    expect(told).toEqual(['open', 'ran', 'dropped', 'open', 'ran']);
  });

  it('is closed with expired once the session is over, and its agent is free to go anywhere', async ({
    pool,
    client,
  }) => {
    const { told } = counting(pool, 'w', { sessionTtl: 400 });
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    await until(() => told.includes('close a 1 expired'));
    expect(await pool.redis.hget(pool.keys.of('agent:a'), 'home')).toBeNull();
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    expect(told.filter((line) => line.startsWith('open'))).toEqual(['open a', 'open a']);
  });

  it('that cannot be opened fails the attempt, and is opened again for the next', async ({ pool, client }) => {
    let opened = 0;
    counting(pool, 'w', {
      onAgentOpen: () => {
        if (++opened === 1) throw new Error('no disk');
        return { count: 0 };
      },
    });
    const task = await client.enqueue('turn', null, { agentId: 'a', attempts: 2 });
    expect(await task.result()).toBe(1);
    expect(opened).toBe(2);
  });
});
