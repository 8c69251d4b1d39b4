import { once } from 'node:events';
import { inspect } from 'node:util';
import { Terminal } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { startTestRedis } from '../../support/redis.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
let client: ReturnType<SdkPool['client']>;
beforeEach(() => {
  pool = new SdkPool();
  client = pool.client();
});
afterEach(async () => {
  await pool.close();
  expect(pool.errors).toEqual([]);
});

const untilAborted = (signal: AbortSignal) => once(signal, 'abort').then(() => signal.throwIfAborted());

describe('close', () => {
  it('waits for what runs and is clean', async () => {
    const started = new Signal();
    const gate = new Signal();
    pool.dispatcher();
    const worker = pool.serve({
      turn: async () => {
        started.resolve();
        await gate.seen;
        return 'done';
      },
    });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await started.seen;
    const closing = worker.close();
    expect(worker.close()).toBe(closing);
    gate.resolve();
    expect(await closing).toBe('clean');
    expect(await task.result()).toBe('done');
    expect(await pool.redis.hlen(pool.keys.of('workers'))).toBe(0);
    await worker.run();
  });

  it('aborts after the grace with the reason shutdown, and hands the task back uncounted', async () => {
    const started = new Signal();
    const reason = new Signal<unknown>();
    pool.dispatcher();
    const worker = pool.serve(
      {
        turn: async (_, { signal }) => {
          started.resolve();
          await untilAborted(signal).catch((thrown) => {
            reason.resolve(thrown);
            throw thrown;
          });
        },
      },
      { shutdown: { grace: 20, abort: '10s' } },
    );
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    await started.seen;
    expect(await worker.close()).toBe('handed-back');
    expect(await reason.seen).toBe('shutdown');
    expect(await task.status()).toMatchObject({ state: 'yard', attemptsMade: 0 });
    pool.serve({ turn: (_, { attempt }) => attempt });
    expect(await task.result()).toBe(1);
  });

  it('keeps the end of an aborted task that completes or says Terminal', async () => {
    const started = [new Signal(), new Signal()];
    pool.dispatcher();
    const worker = pool.serve(
      {
        completes: async (_, { signal }) => {
          started[0]?.resolve();
          await untilAborted(signal).catch(() => undefined);
          return 'saved';
        },
        gives_up: async (_, { signal }) => {
          started[1]?.resolve();
          await untilAborted(signal).catch(() => {
            throw new Terminal('cannot be resumed');
          });
        },
      },
      { slots: 2, shutdown: { grace: 20, abort: '10s' } },
    );
    const completes = await client.enqueue('completes', 1, { agentId: 'a' });
    const givesUp = await client.enqueue('gives_up', 1, { agentId: 'b', attempts: 3 });
    for (const { seen } of started) await seen;
    expect(await worker.close()).toBe('handed-back');
    expect(await completes.result()).toBe('saved');
    await expect(givesUp.result()).rejects.toMatchObject({ code: 'TASK_FAILED', message: 'cannot be resumed' });
  });

  it('gives up on a handler that ignores the abort', async () => {
    const started = new Signal();
    const gate = new Signal();
    pool.dispatcher();
    const worker = pool.serve(
      {
        turn: async () => {
          started.resolve();
          await gate.seen;
        },
      },
      { shutdown: { grace: 10, abort: 10 } },
    );
    await client.enqueue('turn', 1, { agentId: 'a' });
    await started.seen;
    expect(await worker.close()).toBe('forced');
    gate.resolve();
    await worker.lane.close();
  });

  it('reports no lost lease, however often the worker beats', async () => {
    const workers = Array.from({ length: 40 }, () => pool.serve({ turn: () => 1 }, { heartbeat: 10, lease: '10s' }));
    await until(async () => (await pool.redis.hlen(pool.keys.of('load'))) === 40);
    await Promise.all(workers.map((worker) => worker.close()));
    expect(await pool.redis.hlen(pool.keys.of('incarnations'))).toBe(0);
  });

  it('of a worker that never ran is clean', async () => {
    expect(await pool.idleWorker({ turn: () => 1 }).close()).toBe('clean');
    expect(await pool.redis.hlen(pool.keys.of('workers'))).toBe(0);
  });

  it('before run resolved leaves no registration, and run resolves', async () => {
    for (let n = 0; n < 10; n++) {
      const worker = pool.idleWorker({ turn: () => 1 });
      if (n % 2 === 1) await worker.lane.waitUntilReady();
      const running = worker.run();
      expect(await worker.close()).toBe('clean');
      await running;
      await worker.run();
    }
    expect(await pool.redis.hlen(pool.keys.of('workers'))).toBe(0);
    expect(await pool.redis.hlen(pool.keys.of('routable'))).toBe(0);
  });
});

describe('run', () => {
  it('called twice is one run', async () => {
    const worker = pool.serve({ turn: () => 1 });
    expect(worker.run()).toBe(worker.run());
    pool.dispatcher();
    expect(await (await client.enqueue('turn', 1)).result()).toBe(1);
  });

  it('rejects when Redis refuses the password, which is in no error', async () => {
    const server = await startTestRedis();
    const admin = new SdkPool(server.url);
    await admin.redis.config('SET', 'requirepass', 'swordfish');
    const worker = pool.idleWorker({ turn: () => 1 }, { redis: server.url.replace('//', '//default:hunter2@') });
    const error = await worker.run().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toContain('WRONGPASS');
    expect(inspect(error, { depth: null })).not.toContain('hunter2');
    await worker.close();
    await admin.close();
    await server.stop();
    pool.errors.length = 0;
  });
});
