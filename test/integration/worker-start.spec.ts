import { expect, it } from 'vitest';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';
import { TestPool } from '../support/pool.js';
import { until } from '../support/pool-test.js';

it('a worker that starts while Redis is full says so, and works once there is room', async () => {
  const redis = new RedisOfTest();
  await redis.up();
  const pool = new TestPool(redis.url);
  pool.dispatcher();
  await pool.redis.config('SET', 'maxmemory', '1');
  pool.worker(async () => 'ran');
  await until(() => pool.errors.some(({ message }) => message.startsWith('OOM')));
  await pool.redis.config('SET', 'maxmemory', '0');
  const job = await pool.queue().add('turn', { agentId: 'a' });
  expect(await job.waitUntilFinished(await pool.events(), 20_000)).toBe('ran');
  await pool.close();
});
