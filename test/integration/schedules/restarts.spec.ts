import { describe, expect, it, onTestFinished } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';
import { until } from '../../support/pool-test.js';
import { SdkPool } from '../sdk/sdk-pool.js';

const everyMs = 100;

describe('a schedule', () => {
  it('runs each firing once, at its home, across a restart of the dispatcher and one of Redis', async () => {
    // Redis answers once a write is on the disk, so what it said before its crash holds.
    const redis = new RedisOfTest({ args: ['--appendfsync', 'always'] });
    await redis.up();
    const pool = new SdkPool(redis.url);
    pool.redis.on('error', () => undefined);
    onTestFinished(() => pool.close());
    const first = pool.dispatcher();
    const runs: { readonly firing: string; readonly worker: string }[] = [];
    for (const id of ['w1', 'w2'])
      pool.serve({ tick: (_, { task }) => void runs.push({ firing: task.id, worker: id }) }, { id, lease: 30_000 });
    const client = pool.client({ timeout: '20s' });
    // Without, the other worker takes what waits while the home is not connected again.
    const options = { agentId: 'a', affinity: 'strict' } as const;
    await client.schedules.upsert('s', { every: everyMs }, 'tick', null, options);
    const threeMore = async () => {
      const before = runs.length;
      await until(() => runs.length >= before + 3);
    };
    await threeMore();
    await first.stop();
    pool.dispatcher();
    await threeMore();
    await redis.crash();
    await redis.up();
    await threeMore();
    await client.schedules.remove('s');
    const times = runs.map(({ firing }) => Number(firing.replace('repeat:s:', '')));
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.filter((time) => (time - (times[0] ?? 0)) % everyMs !== 0)).toEqual([]);
    expect(new Set(runs.map(({ worker }) => worker)).size).toBe(1);
  });
});
