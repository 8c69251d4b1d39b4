import type { WorkerOptions } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { it, type SdkPool } from './sdk-pool.js';

/** Two workers that tell what they do with agents; the first one's closes last until they are let go. */
function pair(pool: SdkPool, options: Partial<WorkerOptions> = {}, firstOptions: Partial<WorkerOptions> = {}) {
  const told: string[] = [];
  const closing = new Signal();
  const mayClose = new Signal();
  const serve = (id: string, onAgentClose: WorkerOptions['onAgentClose'], own: Partial<WorkerOptions> = {}) =>
    pool.serve(
      { turn: () => void told.push(`${id} runs`) },
      {
        id,
        onAgentOpen: () => void told.push(`${id} opens`),
        onAgentClose,
        ...own,
      },
    );
  const close: WorkerOptions['onAgentClose'] = async (_, reason) => {
    closing.resolve();
    await mayClose.seen;
    told.push(`w1 closed: ${reason}`);
  };
  // One that dies is not missed for long.
  const first = serve('w1', close, { lease: 2000, ...firstOptions });
  const second = () => serve('w2', () => undefined, options);
  return { told, first, second, closing, mayClose };
}

describe('an agent that moves from a worker that lives', () => {
  it('is opened elsewhere once it is closed there', async ({ pool, client }) => {
    const { told, first, second, closing, mayClose } = pair(pool);
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    await first.lane.pause();
    const other = second();
    const moved = await client.enqueue('turn', null, { agentId: 'a' });
    await closing.seen;
    await until(async () => (await moved.status()).state === 'running');
    expect(told).toEqual(['w1 opens', 'w1 runs']);
    mayClose.resolve();
    await moved.result();
    expect(told).toEqual(['w1 opens', 'w1 runs', 'w1 closed: moved', 'w2 opens', 'w2 runs']);
    expect(other.lane.handOffs).toEqual({ closed: 1, 'timed-out': 0 });
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    expect(other.lane.handOffs).toEqual({ closed: 1, 'timed-out': 0 });
  });

  it('is opened elsewhere all the same once the time to close it is over, and not waited for again', async ({
    pool,
    client,
  }) => {
    const { told, first, second, mayClose } = pair(pool, { handOffTimeout: 100 });
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    await first.lane.pause();
    const other = second();
    for (let turn = 0; turn < 2; turn++) await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    expect(told).toEqual(['w1 opens', 'w1 runs', 'w2 opens', 'w2 runs', 'w2 runs']);
    expect(other.lane.handOffs).toEqual({ closed: 0, 'timed-out': 1 });
    mayClose.resolve();
  });

  it('is closed before a worker that stops has gone, and not opened elsewhere before', async ({ pool, client }) => {
    const { told, first, second, closing, mayClose } = pair(pool);
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    second();
    const stopped = first.close();
    await closing.seen;
    const moved = await client.enqueue('turn', null, { agentId: 'a' });
    await until(async () => (await moved.status()).state === 'running');
    mayClose.resolve();
    await Promise.all([moved.result(), stopped]);
    expect(told).toEqual(['w1 opens', 'w1 runs', 'w1 closed: shutdown', 'w2 opens', 'w2 runs']);
    const left = await pool.redis.keys(`${pool.keys.prefix}lane:w1:*`);
    expect(left.filter((key) => key.endsWith(':closes'))).toEqual([]);
  });

  it('because that one gave it up is opened elsewhere once it is closed there', async ({ pool, client }) => {
    const { told, first, second, closing, mayClose } = pair(pool);
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    expect(await first.dropAgent('a')).toBe(true);
    await closing.seen;
    await first.lane.pause();
    const other = second();
    const moved = await client.enqueue('turn', null, { agentId: 'a' });
    await until(async () => (await moved.status()).state === 'running');
    expect(told).toEqual(['w1 opens', 'w1 runs']);
    mayClose.resolve();
    await moved.result();
    expect(told).toEqual(['w1 opens', 'w1 runs', 'w1 closed: dropped', 'w2 opens', 'w2 runs']);
    expect(other.lane.handOffs).toEqual({ closed: 1, 'timed-out': 0 });
  });

  it('because that one can hold no more is opened elsewhere once it is closed there', async ({ pool, client }) => {
    const { told, first, second, closing, mayClose } = pair(pool, {}, { maxAgents: 1 });
    for (const agentId of ['a', 'b']) await (await client.enqueue('turn', null, { agentId })).result();
    await closing.seen;
    await first.lane.pause();
    second();
    const moved = await client.enqueue('turn', null, { agentId: 'a' });
    await until(async () => (await moved.status()).state === 'running');
    expect(told).not.toContain('w2 opens');
    mayClose.resolve();
    await moved.result();
    expect(told.slice(-3)).toEqual(['w1 closed: evicted', 'w2 opens', 'w2 runs']);
  });

  it('can be cancelled while it is waited for', async ({ pool, client }) => {
    const { told, first, second, closing, mayClose } = pair(pool);
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    await first.lane.pause();
    second();
    const moved = await client.enqueue('turn', null, { agentId: 'a' });
    await closing.seen;
    await until(async () => (await moved.status()).state === 'running');
    await moved.cancel();
    await expect(moved.result()).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(told).toEqual(['w1 opens', 'w1 runs']);
    mayClose.resolve();
  });

  it('is waited for by its next task when the first one there ended before', async ({ pool, client }) => {
    const { told, first, second, closing, mayClose } = pair(pool);
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    await first.lane.pause();
    const other = second();
    const unknown = await client.enqueue('unknown', null, { agentId: 'a' });
    await expect(unknown.result()).rejects.toMatchObject({ code: 'TASK_FAILED' });
    await closing.seen;
    const next = await client.enqueue('turn', null, { agentId: 'a' });
    await until(() => other.lane.agentOf(next.id) !== undefined);
    expect(other.lane.agentOf(next.id)).toMatchObject({ home: 'cold', closers: ['w1'] });
    mayClose.resolve();
    await next.result();
    expect(told).toEqual(['w1 opens', 'w1 runs', 'w1 closed: moved', 'w2 opens', 'w2 runs']);
    expect(other.lane.handOffs).toEqual({ closed: 1, 'timed-out': 0 });
  });
});

describe('an agent that moves from a worker that died', () => {
  it('is not waited for', async ({ pool, client }) => {
    const { told, first, second, mayClose } = pair(pool);
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    await first.lane.close(true);
    const other = second();
    await (await client.enqueue('turn', null, { agentId: 'a' })).result();
    expect(told).toEqual(['w1 opens', 'w1 runs', 'w2 opens', 'w2 runs']);
    expect(other.lane.handOffs).toEqual({ closed: 0, 'timed-out': 0 });
    mayClose.resolve();
  });
});
