import { openPatientRedis, stateOf } from '@shunt/lanes';
import { DelayedError, type Job } from 'bullmq';
import { describe, expect } from 'vitest';
import { Countdown, Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';
import { scriptOf } from '../support/resend/double-sender.js';

/** A connection, and how many pulls were sent over it. */
function countingPulls(url: string) {
  const redis = openPatientRedis(url);
  const commands = redis as unknown as { fcall: (name: string, ...args: unknown[]) => Promise<unknown> };
  const send = commands.fcall.bind(redis);
  const count = { pulls: 0 };
  commands.fcall = (name, ...args) => {
    if (scriptOf(name) === 'pull') count.pulls++;
    return send(name, ...args);
  };
  return { redis, count };
}

/** Enqueues a task of each agent in one batch. Resolves to their handles. */
async function enqueueEach(pool: TestPool, task: string, agents: readonly string[]) {
  const items = agents.map((agentId) => ({ task, input: 0, options: { agentId } }));
  return (await pool.client().enqueueMany(items)).flatMap((one) => (one.ok ? [one.handle] : []));
}

/** Gives agents their home with the only worker there is. */
async function settleAt(pool: TestPool, agents: readonly string[]): Promise<void> {
  await Promise.all((await enqueueEach(pool, 'first', agents)).map((handle) => handle.result()));
}

/**
 * A worker of two slots, one of whose handlers has moved its task and goes on: to BullMQ it is busy, and of the two tasks that a
 * pull brings by then it fetches one.
 */
async function withOneLeft(pool: TestPool) {
  const [hasMoved, mayThrow, mayEnd] = [new Signal(), new Signal(), new Signal()];
  const started: string[] = [];
  const worker = pool.worker(
    async (job: Job) => {
      if (job.name === 'first') return;
      const agent = String(job.id).split('~')[0] ?? '';
      started.push(agent);
      if (agent === 'mover') {
        await job.moveToDelayed(Date.now() + 600_000, job.token);
        hasMoved.resolve();
        await mayThrow.seen;
        throw new DelayedError();
      }
      await mayEnd.seen;
    },
    { workerId: 'w', concurrency: 2 },
  );
  await settleAt(pool, ['mover', 'a', 'b']);
  await enqueueEach(pool, 'turn', ['mover']);
  await hasMoved.seen;
  const handles = await enqueueEach(pool, 'turn', ['a', 'b']);
  await until(async () => (await pool.redis.hlen(pool.keys.lane('w', 'slots'))) === 2);
  await until(() => started.length === 2);
  const left = handles.map(({ id }) => id).find((id) => !started.includes(id.split('~')[0] ?? '')) ?? '';
  return { worker, left, mayThrow, mayEnd, started };
}

const isIn = async (pool: TestPool, task: string, state: string) =>
  (await stateOf(pool.redis, pool.keys, task)).state === state;

describe('a pull', () => {
  it('fills all free slots with what waits in the lane', async ({ pool }) => {
    const agents = Array.from({ length: 8 }, (_, n) => `a${n}`);
    const allRun = new Countdown(agents.length);
    const { redis, count } = countingPulls(pool.url);
    const worker = pool.worker(
      async (job) => {
        if (job.name === 'first') return;
        allRun.tick();
        await allRun.zero;
      },
      { connection: redis, concurrency: 8 },
    );
    await settleAt(pool, agents);
    await until(() => worker.runningCount === 0);
    count.pulls = 0;
    await enqueueEach(pool, 'turn', agents);
    await allRun.zero;
    expect(count.pulls).toBe(1);
    await worker.close();
    redis.disconnect();
  });

  it('gives back what its worker has no slot for after all', async ({ pool }) => {
    const { left, mayThrow, mayEnd, started } = await withOneLeft(pool);
    await until(() => isIn(pool, left, 'lane'));
    mayThrow.resolve();
    await until(() => started.length === 3);
    mayEnd.resolve();
    await until(() => isIn(pool, left, 'completed'));
    expect(started).toContain(left.split('~')[0]);
  });

  it('gives it to others when its worker stops', async ({ pool }) => {
    const { worker, left, mayThrow, mayEnd, started } = await withOneLeft(pool);
    const closing = worker.close();
    await until(() => isIn(pool, left, 'yard'));
    mayThrow.resolve();
    mayEnd.resolve();
    await closing;
    expect(started).toHaveLength(2);
  });
});
