import { openPatientRedis, stateOf } from '@shunt/lanes';
import { DelayedError, type Job } from 'bullmq';
import { describe, expect } from 'vitest';
import { Countdown, Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';
import { scriptOf } from '../support/resend/double-sender.js';

const isTask = (reply: unknown) => Array.isArray(reply) && reply[0] !== 0;

/** A connection, and the slots that each pull over it was to fill; `brought`: those of the pulls that brought something. */
function withPulls(url: string) {
  const redis = openPatientRedis(url);
  const commands = redis as unknown as { fcall: (name: string, ...args: unknown[]) => Promise<unknown> };
  const send = commands.fcall.bind(redis);
  const pulls: string[][] = [];
  const brought: string[][] = [];
  commands.fcall = async (name, ...args) => {
    const [, , , , , , token, , , , , ...further] = args.map(String);
    const slots = [token ?? '', ...further];
    if (scriptOf(name) === 'pull') pulls.push(slots);
    const answer = await send(name, ...args);
    if (scriptOf(name) === 'pull' && isTask((answer as unknown[])[0])) brought.push(slots);
    return answer;
  };
  return { redis, pulls, brought };
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
    const { redis, brought } = withPulls(pool.url);
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
    brought.length = 0;
    await enqueueEach(pool, 'turn', agents);
    await allRun.zero;
    // Others may have looked in vain before.
    expect(brought).toHaveLength(1);
    await worker.close();
    redis.disconnect();
  });

  it('names no slot that is in use when one is fetched for again', async ({ pool }) => {
    const { redis, pulls } = withPulls(pool.url);
    const [areFull, hasRoom, mayEnd] = [new Countdown(3), new Signal(), new Signal()];
    const worker = pool.worker(
      async (job: Job) => {
        if (job.name === 'first') return;
        areFull.tick();
        if (job.id?.startsWith('mover~')) {
          await hasRoom.seen;
          await job.moveToDelayed(Date.now() + 600_000, job.token);
          throw new DelayedError();
        }
        await mayEnd.seen;
      },
      { workerId: 'w', connection: redis, concurrency: 20, heartbeat: 600_000, lease: 600_000 },
    );
    await settleAt(pool, ['mover', 'a', 'b', 'c']);
    await until(() => worker.runningCount === 0);
    // A breaker that is half open allows fewer slots than there are.
    await pool.redis.hset(pool.keys.of('routable'), 'w', 3);
    await enqueueEach(pool, 'turn', ['mover', 'a', 'b']);
    await areFull.zero;
    const [waiting] = await enqueueEach(pool, 'turn', ['c']);
    const inUse = await pool.redis.hkeys(pool.keys.lane('w', 'slots'));
    pulls.length = 0;
    hasRoom.resolve();
    await until(() => isIn(pool, waiting?.id ?? '', 'running'));
    expect(pulls.flatMap(([, ...further]) => further).filter((token) => inUse.includes(token))).toEqual([]);
    mayEnd.resolve();
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
