import { setTimeout as sleep } from 'node:timers/promises';
import type { TaskHandle, TaskStatus } from '@shunt/sdk';
import { Terminal } from '@shunt/sdk';
import { FlowProducer } from 'bullmq';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '../../support/pool.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
beforeEach(() => {
  pool = new SdkPool();
  client = pool.client();
});
afterEach(async () => {
  await pool.close();
});

/** Reads the status until it names the state. */
async function seenIn(state: TaskStatus['state'], task: TaskHandle): Promise<TaskStatus> {
  for (;;) {
    const status = await task.status();
    if (status.state === state) return status;
    await sleep(5);
  }
}

const opened = () => {
  const gate = new Signal();
  return { gate, turn: () => gate.seen };
};

describe('status', () => {
  it('is missing for a task that never was', async () => {
    expect(await client.task('a~nothing').status()).toEqual({
      state: 'missing',
      id: 'a~nothing',
      agentId: null,
      attemptsMade: 0,
      metadata: {},
      enqueuedAt: null,
      startedAt: null,
      finishedAt: null,
    });
  });

  it('is intake for a task that a plain producer added', async () => {
    const job = await pool.queue().add('turn', { agentId: 'a' });
    expect(await client.task(job.id ?? '').status()).toMatchObject({ state: 'intake', agentId: null });
  });

  it('is yard for an agent without a home and mailbox behind its current task', async () => {
    const first = await client.enqueue('turn', 1, { agentId: 'a' });
    const second = await client.enqueue('turn', 2, { agentId: 'a' });
    const status = await first.status();
    expect(status).toMatchObject({ state: 'yard', attemptsMade: 0, startedAt: null, finishedAt: null });
    expect(Math.abs(Date.now() - (status.enqueuedAt ?? 0))).toBeLessThan(60_000);
    expect((await second.status()).state).toBe('mailbox');
    expect([status.agentId, (await second.status()).agentId]).toEqual(['a', 'a']);
  });

  it('is running with its worker, then lane behind a busy one, then completed', async () => {
    const { gate, turn } = opened();
    pool.dispatcher();
    const worker = pool.serve({ turn, quick: () => 1 }, { id: 'w1' });
    await (await client.enqueue('quick', null, { agentId: 'b' })).result();
    const running = await client.enqueue('turn', 1, { agentId: 'a' });
    expect(await seenIn('running', running)).toMatchObject({ worker: worker.id, finishedAt: null });
    const waiting = await client.enqueue('quick', 2, { agentId: 'b' });
    expect(await waiting.status()).toMatchObject({ state: 'lane', worker: 'w1' });
    gate.resolve();
    await waiting.result();
    const status = await waiting.status();
    expect(status).toMatchObject({ state: 'completed', worker: 'w1', attemptsMade: 1 });
    const { tasks } = await client.listTasks({ state: 'completed' });
    expect(tasks.find(({ id }) => id === waiting.id)?.worker).toBe('w1');
    expect(status.finishedAt).toBeGreaterThanOrEqual(status.startedAt ?? Number.POSITIVE_INFINITY);
  });

  it('is delayed before its time and between attempts', async () => {
    pool.dispatcher();
    pool.serve({
      turn: () => {
        throw new Error('not yet');
      },
    });
    const later = await client.enqueue('turn', 1, { delay: '1h' });
    expect((await later.status()).state).toBe('delayed');
    const retried = await client.enqueue('turn', 1, { agentId: 'a', attempts: 2, backoff: '1h' });
    const status = await seenIn('delayed', retried);
    expect(status.worker).toBeUndefined();
    expect(status.attemptsMade).toBe(1);
    expect(status.failedReason).toBeUndefined();
  });

  it('is failed with the reason', async () => {
    pool.dispatcher();
    pool.serve({
      turn: () => {
        throw new Terminal('no such account');
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a', attempts: 9 });
    const status = await seenIn('failed', task);
    expect(status).toMatchObject({ failedReason: 'no such account', attemptsMade: 1 });
  });

  it('is waiting-children for the parent of a flow', async () => {
    const flows = new FlowProducer({ prefix: 'shunt', connection: { url: pool.url } as never });
    const node = (name: string) => ({ name, queueName: pool.queueName, data: { agentId: 'a' } });
    const { job } = await flows.add({ ...node('parent'), children: [node('child')] });
    await flows.close();
    expect((await client.task(job.id ?? '').status()).state).toBe('waiting-children');
  });

  it('is missing once a finished task is no longer kept', async () => {
    pool.dispatcher();
    pool.serve({ turn: () => 1 });
    const task = await client.enqueue('turn', 1, { agentId: 'a', keep: { completed: false } });
    await task.result();
    expect((await task.status()).state).toBe('missing');
  });
});
