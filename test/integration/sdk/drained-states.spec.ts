import { drain } from '@shunt/lanes';
import type { Shunt, ShuntWorker } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { it, type SdkPool } from './sdk-pool.js';

const agents = ['a', 'b', 'c'];

/** A worker that tells which agents it opens and closes; it closes `c` once it may. */
function telling(pool: SdkPool, id: string, told: string[], mayCloseLast: Promise<void>): ShuntWorker {
  return pool.serve(
    { turn: () => undefined },
    {
      id,
      onAgentOpen: (agent) => void told.push(`${id} opens ${agent.id}`),
      onAgentClose: async (agent, reason) => {
        if (agent.id === 'c') await mayCloseLast;
        told.push(`${id} closed ${agent.id}: ${reason}`);
      },
    },
  );
}

/** Has each agent take a turn. */
const turns = (client: Shunt) => Promise.all(agents.map((agentId) => client.enqueue('turn', null, { agentId })));

/** A worker that has three idle agents' states and is drained by order, and another one beside it. */
async function drained(pool: SdkPool, client: Shunt) {
  const told: string[] = [];
  const mayCloseLast = new Signal();
  const first = telling(pool, 'w1', told, mayCloseLast.seen);
  for (const task of await turns(client)) await task.result();
  telling(pool, 'w2', told, Promise.resolve());
  expect(await drain(pool.redis, pool.keys, 'w1', { by: 'test' })).toBe(0);
  return { told, first, mayCloseLast };
}

/** Which of two things was told first, by both. */
const before = (told: readonly string[], one: string, other: string) =>
  told.includes(one) && told.includes(other) && told.indexOf(one) < told.indexOf(other);

describe('a worker that is drained by order while it holds idle agents', () => {
  it('closes each before it is opened elsewhere, though it does not stop', async ({ pool, client }) => {
    const { told, mayCloseLast } = await drained(pool, client);
    const moved = await turns(client);
    for (const task of moved.slice(0, 2)) await task.result();
    await until(async () => (await moved[2]?.status())?.state === 'running');
    expect(told).not.toContain('w2 opens c');
    mayCloseLast.resolve();
    await moved[2]?.result();
    for (const agent of agents) {
      expect(before(told, `w1 closed ${agent}: moved`, `w2 opens ${agent}`), told.join('\n')).toBe(true);
    }
  });

  it('closes each before its stop has ended, and before it is opened elsewhere', async ({ pool, client }) => {
    const { told, first, mayCloseLast } = await drained(pool, client);
    const stopped = first.close().then(() => told.push('w1 stopped'));
    await until(() => told.includes('w1 closed b: shutdown'));
    const moved = await turns(client);
    await until(async () => (await moved[2]?.status())?.state === 'running');
    expect(told).not.toContain('w1 stopped');
    expect(told).not.toContain('w2 opens c');
    mayCloseLast.resolve();
    for (const task of moved) await task.result();
    await stopped;
    for (const agent of agents) {
      const closed = `w1 closed ${agent}: shutdown`;
      expect(before(told, closed, 'w1 stopped'), told.join('\n')).toBe(true);
      expect(before(told, closed, `w2 opens ${agent}`), told.join('\n')).toBe(true);
    }
  });
});
