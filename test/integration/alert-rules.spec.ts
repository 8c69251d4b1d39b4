import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertName } from '@shunt/health';
import { drain, join, orderBreaker } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { joined, noting } from '../support/agents-pool.js';
import { alertOf, telling } from '../support/alerts.js';
import { configure } from '../support/configure.js';
import type { TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

/** A leader that has looked once, whose alerts fire and end at once, and ways to wait for those. */
async function watched(pool: TestPool, limits: object = {}) {
  const { dispatcher, told } = telling(pool);
  await configure(pool, { alerts: { for: 0, keep: 0, ...limits } }, dispatcher);
  await until(() => dispatcher.leadership.isJudging);
  const client = pool.client();
  const fires = (alert: AlertName, text: string) =>
    until(async () => {
      const found = await alertOf(client, alert);
      return found?.state === 'firing' && found.text === text;
    });
  const resolves = async (alert: AlertName) => {
    await until(async () => (await alertOf(client, alert))?.state === 'resolved');
    await until(() => told.some((notice) => notice.alert === alert && notice.state === 'resolved'));
    return told.filter((notice) => notice.alert === alert).map(({ state }) => state);
  };
  return { told, fires, resolves };
}

describe('the leader', () => {
  it('misses workers that are out or dead, and none that is drained', async ({ pool }) => {
    const { redis, keys } = pool;
    const { fires, resolves } = await watched(pool);
    for (const workerId of ['w1', 'w2', 'w3', 'w4']) pool.worker(async () => undefined, { workerId });
    await joined(pool, 4);
    await drain(redis, keys, 'w4', { by: 'test' });
    await orderBreaker(redis, keys, 'w3', 'open', { by: 'test' });
    await fires('node_down', '2 of 3 workers receive tasks; out: w3');
    const lived = (incarnation: string, leaseMs: number) =>
      join(redis, keys, { worker: 'w5', incarnation }, { slots: 1, weight: 1, host: 'here', pid: 1 }, leaseMs);
    await lived('one', 1);
    await fires('node_down', '2 of 4 workers receive tasks; dead: w5; out: w3');
    await lived('two', 600_000);
    await orderBreaker(redis, keys, 'w3', 'closed', { by: 'test' });
    expect(await resolves('node_down')).toEqual(['firing', 'resolved']);
  });

  it('says that tasks wait and nobody receives, until a worker does', async ({ pool }) => {
    const client = pool.client();
    for (const agentId of ['a', 'a', 'b']) await client.enqueue('turn', {}, { agentId });
    const { fires, resolves } = await watched(pool);
    await fires('no_workers', 'No worker receives tasks; 3 wait');
    pool.worker(async () => undefined);
    expect(await resolves('no_workers')).toEqual(['firing', 'resolved']);
  });

  it('misses the only worker when it dies, and not when it was drained', async ({ pool }) => {
    const { redis, keys } = pool;
    const { told, fires } = await watched(pool);
    const registration = { slots: 1, weight: 1, host: 'here', pid: 1 };
    const lived = (worker: string) => join(redis, keys, { worker, incarnation: 'one' }, registration, 1);
    const died = (count: number) =>
      until(
        async () => (await redis.hlen(keys.of('workers'))) === count && !(await redis.exists(keys.of('incarnations'))),
      );
    await lived('drained');
    await drain(redis, keys, 'drained', { by: 'test' });
    await died(1);
    await lived('missed');
    await died(2);
    await fires('no_workers', 'No worker receives tasks; 0 wait');
    await fires('node_down', '0 of 1 workers receive tasks; dead: missed');
    await until(() => told.length > 1);
    expect(told.map(({ alert, state }) => `${alert} ${state}`).sort()).toEqual([
      'no_workers firing',
      'node_down firing',
    ]);
  });

  it('says that it put an agent right that was stuck', async ({ pool }) => {
    const { fires } = await watched(pool);
    const stuck = await pool.client().enqueue('turn', {}, { agentId: 'a' });
    await pool.redis.zrem(pool.keys.of('yard'), stuck.id);
    await fires('stuck_agent', '1 stuck agent or lane was put right within the last 5 minutes');
    pool.worker(async () => undefined);
    await stuck.result();
  });

  it('finds attempts slow', async ({ pool }) => {
    const { told } = await watched(pool, { slowMean: 10 });
    pool.worker(() => sleep(30), { concurrency: 10 });
    await pool.queue().addBulk(Array.from({ length: 20 }, () => ({ name: 'turn', data: {} })));
    await until(() => told.some(({ alert }) => alert === 'slow_response'));
    const { value = 0, text = '' } = told.find(({ alert }) => alert === 'slow_response') ?? {};
    expect(value).toBeGreaterThan(0.01);
    expect(text).toMatch(
      /^Attempts of the last minute took [\d.]+ s on average, 99 % within [\d.]+ s; 0.01 s and 30 s are allowed$/,
    );
  });

  it('finds one worker far busier than the others, until it is not', async ({ pool }) => {
    const { fires, resolves } = await watched(pool);
    const busy = noting(pool, 'w1', { concurrency: 1 });
    noting(pool, 'w2', { concurrency: 1 });
    await joined(pool, 2);
    const client = pool.client();
    for (const agentId of ['a', 'b', 'c', 'd']) {
      await client.agents.pin(agentId, 'w1');
      await client.enqueue('turn', { held: true }, { agentId });
    }
    await fires('hot_worker', 'Worker w1 has 4 tasks for each slot, the others 0');
    busy.go.resolve();
    expect(await resolves('hot_worker')).toEqual(['firing', 'resolved']);
  });
});
