import { LaneWorker, openPatientRedis } from '@shunt/lanes';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Signal, TestPool } from '../support/pool.js';
import { scriptOf } from '../support/resend/double-sender.js';

let pool: TestPool;
beforeEach(() => {
  pool = new TestPool();
});
afterEach(async () => {
  await pool.close();
});

it('a handler keeps its agent and fence when the retry before it is answered late', async () => {
  const redis = openPatientRedis(pool.url);
  const isAgain = new Signal();
  const isAnswered = new Signal();
  const known = new Signal<unknown>();
  pool.dispatcher();
  const worker: LaneWorker = pool.worker(
    async (job) => {
      if (job.attemptsMade === 0) throw new Error('a planned failure');
      isAgain.resolve();
      await isAnswered.seen;
      known.resolve(worker.agentOf(job.id ?? ''));
    },
    { connection: redis, concurrency: 2, autorun: false },
  );
  const commands = redis as unknown as { fcall: (name: string, ...args: unknown[]) => Promise<unknown> };
  const send = commands.fcall.bind(redis);
  commands.fcall = async (name, ...args) => {
    const first = await send(name, ...args);
    if (scriptOf(name) !== 'retryNow') return first;
    await isAgain.seen;
    const answer = await send(name, ...args);
    setImmediate(() => isAnswered.resolve());
    return answer;
  };
  worker.run().catch((error) => pool.errors.push(error));
  await pool.queue().add('turn', { agentId: 'a' }, { attempts: 2 });
  expect(await known.seen).toMatchObject({ agent: 'a', fence: expect.any(Number) });
  await worker.close();
  redis.disconnect();
});
