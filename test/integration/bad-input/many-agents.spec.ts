import { expect } from 'vitest';
import { until } from '../../support/pool-test.js';
import { it } from '../sdk/sdk-pool.js';

it('keeps nothing of an agent whose session is over: keys are bounded by those that are in use', async ({ pool }) => {
  const client = pool.client({ sessionTtl: 1000 });
  pool.serve({ turn: () => null }, { slots: 16, sessionTtl: 1000 });
  const keys = async () => {
    const found: string[] = [];
    for (let cursor = '0'; ; ) {
      const [next, some] = await pool.redis.scan(cursor, 'MATCH', `${pool.keys.prefix}*`, 'COUNT', 1000);
      found.push(...some);
      if (next === '0') return found.length;
      cursor = next;
    }
  };
  const enqueue = (round: number) =>
    client.enqueueMany(
      Array.from({ length: 2000 }, (_, n) => ({
        task: 'turn',
        input: null,
        options: { agentId: `${round}-${n}`, keep: { completed: false } },
      })),
    );
  const rounds: number[] = [];
  for (const round of [1, 2, 3]) {
    expect((await enqueue(round)).every(({ ok }) => ok)).toBe(true);
    await until(async () => (await client.pool.stats()).completed === 2000 * round);
    await until(async () => (await keys()) < 200);
    rounds.push(await keys());
  }
  expect(Math.max(...rounds)).toBeLessThan(200);
});
