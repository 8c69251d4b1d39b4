import { expect, it, onTestFinished } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { holding } from '../../support/holding.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from '../sdk/sdk-pool.js';

it('a master that is made a replica refuses, and everything goes on once it is a master again', async () => {
  const redis = new RedisOfTest();
  await redis.up();
  const pool = new SdkPool(redis.url);
  onTestFinished(() => pool.close());
  const { hold, started, mayEnd, runs } = holding();
  pool.dispatcher();
  pool.serve({ hold }, { lease: '60s', slots: 2 });
  const client = pool.client({ timeout: '2s' });
  const first = await client.enqueue('hold', 1, { agentId: 'a' });
  await started.seen;
  await pool.redis.replicaof('127.0.0.1', 1);
  expect(await pool.redis.info('replication')).toContain('role:slave');

  const refusal = await refusalOf(() => client.enqueue('hold', 2, { agentId: 'a' }));
  expect(refusal.code).toBe('STORE_UNAVAILABLE');
  expect(refusal.message).toContain('refused until the deadline (READONLY');
  mayEnd.resolve();
  await until(() => pool.errors.some(({ message }) => message.startsWith('READONLY')));

  await pool.redis.replicaof('NO', 'ONE');
  const second = await client.enqueue('hold', 2, { agentId: 'a' });
  expect(await Promise.all([first.result(), second.result()])).toEqual([1, 2]);
  expect(runs).toEqual([1, 2]);
});
