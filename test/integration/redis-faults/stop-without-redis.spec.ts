import { expect, it, onTestFinished } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { until } from '../../support/pool-test.js';
import { SdkPool } from '../sdk/sdk-pool.js';

it('a dispatcher and a worker stop though what they asked a Redis that went was never answered', async () => {
  const redis = new RedisOfTest();
  await redis.up();
  const pool = new SdkPool(redis.url);
  onTestFinished(() => pool.close());
  const dispatcher = pool.dispatcher();
  const worker = pool.idleWorker({ turn: (n: number) => n });
  const ran = worker.run();
  expect(await (await pool.client().enqueue('turn', 1, { agentId: 'a' })).result()).toBe(1);
  await redis.crash();
  // From the first reconnection on, ioredis keeps what was under way apart, to be sent again.
  const refused = (from: { on(event: 'error', listener: (error: Error) => void): unknown }) =>
    new Promise<void>((resolve) => from.on('error', (error) => error.message.includes('ECONNREFUSED') && resolve()));
  await Promise.all([refused(dispatcher), refused(worker.lane)]);
  await until(() => !dispatcher.isConnected);
  await Promise.all([dispatcher.stop(), worker.close(), ran]);
});
