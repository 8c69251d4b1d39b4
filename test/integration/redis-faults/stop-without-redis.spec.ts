import { expect, it, onTestFinished } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { SdkPool } from '../sdk/sdk-pool.js';

it.each([
  ['what they asked', true, 'forced'],
  ['nothing that matters', false, 'clean'],
])('a dispatcher and a worker stop though %s was never answered by a Redis that went', async (_, isAsked, outcome) => {
  const redis = new RedisOfTest();
  await redis.up();
  const pool = new SdkPool(redis.url);
  onTestFinished(() => pool.close());
  const dispatcher = pool.dispatcher();
  const [begun, gate] = [new Signal(), new Signal()];
  const turn = async () => {
    begun.resolve();
    await gate.seen;
  };
  const worker = pool.idleWorker({ turn });
  const ran = worker.run();
  const task = await pool.client().enqueue('turn', 1, { agentId: 'a' });
  await begun.seen;
  if (!isAsked) {
    gate.resolve();
    await task.result();
    await until(() => worker.lane.runningCount === 0);
  }
  // It answers nothing from now on, as before it was seen to be gone.
  redis.running.kill('SIGSTOP');
  gate.resolve();
  // From the first reconnection on, ioredis keeps what was under way apart, to be sent again.
  const refused = (from: { on(event: 'error', listener: (error: Error) => void): unknown }) =>
    new Promise<void>((resolve) => from.on('error', (error) => error.message.includes('ECONNREFUSED') && resolve()));
  const areRefused = Promise.all([refused(dispatcher), refused(worker.lane)]);
  await redis.crash();
  await areRefused;
  await until(() => !dispatcher.isConnected);
  const [, closed] = await Promise.all([dispatcher.stop(), worker.close(), ran]);
  expect(closed).toBe(outcome);
});
