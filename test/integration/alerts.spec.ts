import type { AlertName } from '@shunt/health';
import { type AlertNotice, openRedis, orderBreaker } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { alertOf, telling } from '../support/alerts.js';
import { configure } from '../support/configure.js';
import { Signal, type TestPool } from '../support/pool.js';
import { it, until } from '../support/pool-test.js';

const stateOf = async (pool: TestPool, alert: AlertName) => (await alertOf(pool.client(), alert))?.state;
const journal = async (pool: TestPool) => {
  const entries = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
  return entries
    .map(([, fields]) => fields)
    .filter(([, event]) => event === 'alert')
    .map((fields) => `${fields[3]} ${fields[5]}`);
};
const joined = (pool: TestPool, count: number) =>
  until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === count);

describe('the alerts of a pool', () => {
  it('fire, are told once, and are resolved; all of it is in the journal', async ({ pool }) => {
    const { dispatcher, told } = telling(pool);
    await configure(pool, { alerts: { keep: 0 } }, dispatcher);
    for (const workerId of ['w1', 'w2', 'w3']) pool.worker(async () => undefined, { workerId });
    await joined(pool, 3);
    await orderBreaker(pool.redis, pool.keys, 'w1', 'open', { by: 'test' });
    await until(async () => (await stateOf(pool, 'breakers_open')) === 'firing');
    await orderBreaker(pool.redis, pool.keys, 'w1', 'closed', { by: 'test' });
    await until(async () => (await stateOf(pool, 'breakers_open')) === 'resolved');
    await until(() => told.filter(({ alert }) => alert === 'breakers_open').length === 2);
    const [firing, resolved] = told.filter(({ alert }) => alert === 'breakers_open');
    expect(firing).toMatchObject({ state: 'firing', value: 1, text: 'The breaker of 1 worker is open: w1' });
    expect(resolved).toMatchObject({ state: 'resolved', value: 0, text: 'No breaker is open' });
    expect((await journal(pool)).filter((entry) => entry.startsWith('breakers_open'))).toEqual([
      'breakers_open firing',
      'breakers_open resolved',
    ]);
  });

  it('fire while the pool is full, and while its queue is paused', async ({ pool }) => {
    const { dispatcher, told } = telling(pool);
    await configure(pool, { maxWaiting: 1, alerts: { for: 0, keep: 0 } }, dispatcher);
    const queue = pool.queue();
    await queue.pause();
    await pool.client().enqueue('turn', 1, { agentId: 'a' });
    for (const alert of ['pool_full', 'pool_paused'] as const)
      await until(async () => (await stateOf(pool, alert)) === 'firing');
    expect(told.find(({ alert }) => alert === 'pool_full')?.text).toContain('as many tasks wait as it allows');
    pool.worker(async () => undefined);
    await queue.resume();
    for (const alert of ['pool_full', 'pool_paused'] as const)
      await until(async () => (await stateOf(pool, alert)) === 'resolved');
  });

  it('go on with the next leader, which tells what was not told, under the same id', async ({ pool }) => {
    const never = new Signal();
    const first = telling(pool, never.seen);
    await configure(pool, { alerts: { lateAfter: 50 } }, first.dispatcher);
    await pool.queue().add('turn', {}, { timestamp: Date.now() - 5000 });
    await until(() => first.told.some(({ alert }) => alert === 'work_is_late'));
    const since = (await pool.client().alerts.list()).find(({ alert }) => alert === 'work_is_late')?.sinceMs;
    await first.dispatcher.stop();
    const second = telling(pool);
    await until(() => second.told.some(({ alert }) => alert === 'work_is_late'));
    const isLate = ({ alert }: AlertNotice) => alert === 'work_is_late';
    expect(second.told.find(isLate)?.id).toBe(first.told.find(isLate)?.id);
    expect((await pool.client().alerts.list()).find(({ alert }) => alert === 'work_is_late')?.sinceMs).toBe(since);
    expect(await journal(pool)).toEqual(['work_is_late firing']);
    const isNoted = async () => (await pool.redis.get(pool.keys.of('alerts')))?.includes('"isTold":true') === true;
    await until(isNoted);
    await second.dispatcher.stop();
    const third = telling(pool);
    await until(() => third.dispatcher.leadership.term > 0);
    await configure(pool, { alerts: { lateAfter: '1h', keep: 0 } }, third.dispatcher);
    await until(() => third.told.length > 0);
    expect(third.told.map(({ alert, state }) => `${alert} ${state}`)).toEqual(['work_is_late resolved']);
    never.resolve();
  });

  it('find that attempts fail', async ({ pool }) => {
    const { dispatcher } = telling(pool);
    await configure(pool, { alerts: { for: 0, errorRate: 0.2 } }, dispatcher);
    pool.worker(
      async (job) => {
        if (job.name === 'bad') throw new Error('no');
      },
      { concurrency: 10 },
    );
    await joined(pool, 1);
    // The first look at the totals is what the next ones are compared with.
    await until(() => dispatcher.leadership.isJudging);
    await pool.queue().addBulk(Array.from({ length: 40 }, (_, n) => ({ name: n % 2 ? 'bad' : 'good', data: {} })));
    await until(async () => (await stateOf(pool, 'high_error_rate')) === 'firing');
  });

  it('say that nobody leads', async ({ pool }) => {
    expect(await stateOf(pool, 'no_leader')).toBe('firing');
    const { dispatcher } = telling(pool);
    await until(() => dispatcher.leadership.term > 0);
    expect(await stateOf(pool, 'no_leader')).toBe('inactive');
  });

  it('of an old leader change nothing', async ({ pool }) => {
    const { dispatcher } = telling(pool);
    await until(() => dispatcher.leadership.term > 0);
    const redis = openRedis(pool.url);
    await redis.hset(pool.keys.of('leader'), 'term', '99', 'id', 'another', 'expiresAt', '9999999999999');
    await pool.queue().add('turn', {}, { timestamp: 1 });
    await until(() => dispatcher.leadership.term === 0);
    redis.disconnect();
    expect(await pool.redis.exists(pool.keys.of('alerts'))).toBe(0);
  });
});
