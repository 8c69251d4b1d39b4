import { checkup } from '@shunt/lanes';
import { RetryLater, type Shunt, type ShuntWorker, type TaskHandle, WrongWorker } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { it, type SdkPool } from './sdk-pool.js';

/** A worker with one slot whose handler `deaf` ignores its signal until the gate opens, and notes what runs beside it. */
function deafWorker(pool: SdkPool, end: () => unknown = () => 'in spite of it', id = 'w1') {
  const [started, gate] = [new Signal(), new Signal()];
  const running = new Set<string>();
  const seen = { overlaps: 0, starts: [] as string[] };
  const worker = pool.serve(
    {
      turn: async (name: string) => {
        if (running.size > 0) seen.overlaps++;
        running.add(name);
        seen.starts.push(name);
        try {
          if (name !== 'deaf' || seen.starts.filter((one) => one === 'deaf').length > 1) return name;
          started.resolve();
          await gate.seen;
          return end();
        } finally {
          running.delete(name);
        }
      },
    },
    { id, lease: 3000 },
  );
  return { worker, started, gate, seen };
}

async function expectForced(task: TaskHandle): Promise<void> {
  expect(await task.cancel({ force: true, reason: 'it hangs' })).toBe('cancelled');
  expect((await refusalOf(() => task.result())).code).toBe('CANCELLED');
  expect(await task.status()).toMatchObject({ state: 'failed', failedReason: 'cancelled while it ran: it hangs' });
  expect(await task.cancel({ force: true })).toBe('finished');
}

/** Resolves once the watchdog has looked at every agent: it mends one that is planted twice. */
async function watched(pool: SdkPool, client: Shunt): Promise<void> {
  const planted = await client.enqueue('turn', 'planted', { agentId: 'planted' });
  for (let turn = 1; turn <= 2; turn++) {
    expect(await pool.redis.zrem(pool.keys.of('yard'), planted.id)).toBe(1);
    await until(async () => (await pool.redis.zscore(pool.keys.of('yard'), planted.id)) !== null);
  }
}

describe('cancel by force', () => {
  it('ends a task whose handler goes on, and its agent and slot wait for that', async ({ pool, client }) => {
    const { started, gate, seen } = deafWorker(pool);
    const task = await client.enqueue('turn', 'deaf', { agentId: 'a' });
    const next = await client.enqueue('turn', 'next', { agentId: 'a' });
    await started.seen;
    const other = await client.enqueue('turn', 'other', { agentId: 'b' });
    expect(await task.cancel({ reason: 'the user left' })).toBe('cancelling');
    expect((await task.explain()).why).toMatch(
      /worker w1, and is told to end \(cancelled while it ran: the user left\)/,
    );
    await expectForced(task);
    expect((await task.explain()).why).toMatch(/by force, and its handler goes on at worker w1/);
    expect((await next.explain()).advice).toContain(task.id);
    expect([(await next.status()).state, (await other.status()).state]).toEqual(['mailbox', 'yard']);
    const listed = async () => (await client.listTasks()).tasks.filter(({ id }) => id === task.id);
    expect(await listed()).toMatchObject([{ state: 'failed' }]);
    gate.resolve();
    await Promise.all([next.result(), other.result()]);
    expect(seen).toEqual({ overlaps: 0, starts: ['deaf', expect.any(String), expect.any(String)] });
    expect((await task.status()).failedReason).toBe('cancelled while it ran: it hangs');
    expect(await pool.redis.keys(pool.keys.of('*:forced'))).toEqual([]);
    expect(await pool.redis.keys(pool.keys.of('*:lock'))).toEqual([]);
  });

  it.for([
    ['an error', new Error('too late')],
    ['RetryLater', new RetryLater(1)],
    ['WrongWorker', new WrongWorker()],
  ] as const)('counts %s of the handler for nothing', async ([, error], { pool, client }) => {
    const { started, gate, seen } = deafWorker(pool, () => {
      throw error;
    });
    const options = { agentId: 'a', attempts: 5, backoff: '1s', dedup: { key: 'k' } } as const;
    const task = await client.enqueue('turn', 'deaf', options);
    const next = await client.enqueue('turn', 'next', { agentId: 'a' });
    await started.seen;
    await expectForced(task);
    gate.resolve();
    await next.result();
    expect(seen).toEqual({ overlaps: 0, starts: ['deaf', 'next'] });
    expect((await task.status()).state).toBe('failed');
  });

  it('lets the agent go on when its worker has died, and runs the task no more', async ({ pool, client }) => {
    const { worker, started, gate, seen } = deafWorker(pool);
    const task = await client.enqueue('turn', 'deaf', { agentId: 'a' });
    const next = await client.enqueue('turn', 'next', { agentId: 'a' });
    await started.seen;
    await expectForced(task);
    await (worker as ShuntWorker).lane.close(true);
    const second = deafWorker(pool, undefined, 'w2');
    await next.result();
    expect([seen.starts, second.seen.starts]).toEqual([['deaf'], ['next']]);
    expect(await pool.redis.keys(pool.keys.of('*:forced'))).toEqual([]);
    gate.resolve();
  });

  it('is retried when the handler has ended and not before, and is not cancelled again', async ({ pool, client }) => {
    const { started, gate, seen } = deafWorker(pool);
    const task = await client.enqueue('turn', 'deaf', { agentId: 'a' });
    const next = await client.enqueue('turn', 'next', { agentId: 'a' });
    await started.seen;
    await expectForced(task);
    expect(await task.retry()).toBe('not-failed');
    gate.resolve();
    await next.result();
    expect(await task.retry()).toBe('retried');
    expect(await task.result()).toBe('deaf');
    expect(seen).toEqual({ overlaps: 0, starts: ['deaf', 'next', 'deaf'] });
  });

  it.for([false, true])(
    'waits for the handler when BullMQ retries it, its agent paused: %s',
    async (isPaused, { pool, client }) => {
      const { started, gate, seen } = deafWorker(pool);
      const task = await client.enqueue('turn', 'deaf', { agentId: 'a' });
      await started.seen;
      await expectForced(task);
      if (isPaused) await client.agents.pause('a');
      await (await pool.queue().getJob(task.id))?.retry();
      await until(async () => (await task.status()).state === 'mailbox');
      if (isPaused) await client.agents.resume('a');
      expect((await task.status()).state).toBe('mailbox');
      gate.resolve();
      expect(await task.result()).toBe('deaf');
      expect(seen).toEqual({ overlaps: 0, starts: ['deaf', 'deaf'] });
    },
  );

  it('lets the agent go on when the task was removed meanwhile', async ({ pool, client }) => {
    const { started, gate } = deafWorker(pool);
    const task = await client.enqueue('turn', 'deaf', { agentId: 'a' });
    const next = await client.enqueue('turn', 'next', { agentId: 'a' });
    await started.seen;
    await expectForced(task);
    await pool.redis.del(pool.keys.of(task.id));
    const later = await client.enqueue('turn', 'later', { agentId: 'a' });
    await watched(pool, client);
    expect([(await next.status()).state, (await later.status()).state]).toEqual(['mailbox', 'mailbox']);
    expect((await checkup(pool.redis, pool.keys)).stuckAgents).toEqual([]);
    gate.resolve();
    expect(await next.result()).toBe('next');
    expect(await pool.redis.keys(pool.keys.of('*:forced'))).toEqual([]);
    // The worker is told that its task is missing.
    pool.errors.length = 0;
  });
});
