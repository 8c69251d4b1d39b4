import { expect } from 'vitest';
import { it, until } from '../support/pool-test.js';

it('without a dispatcher agents with a home go on, what has to be taken in or is not due waits, and nothing is lost', async ({
  pool,
}) => {
  const first = pool.dispatcher();
  pool.worker(async ({ data, attemptsMade }) => {
    if (data.failures > attemptsMade) throw new Error('a planned failure');
    return data.n;
  });
  const client = pool.client();
  const run = async (n: number, agentId: string) => (await client.enqueue('turn', { n }, { agentId })).result();
  expect(await run(1, 'settled')).toBe(1);
  await first.stop();

  expect([await run(2, 'settled'), await run(3, 'settled')]).toEqual([2, 3]);
  const retry = { agentId: 'retried', attempts: 2, backoff: 1 };
  const waiting = [
    await client.enqueue('turn', { n: 4, failures: 1 }, retry),
    await client.enqueue('turn', { n: 5 }, { agentId: 'retried' }),
    await client.enqueue('turn', { n: 6 }, { agentId: 'later', delay: 1 }),
  ];
  const states = () => Promise.all(waiting.map(async (task) => (await task.status()).state));
  await until(async () => String(await states()) === 'delayed,mailbox,delayed');
  // Who has a home is served before and after, so that they had their chance.
  expect(await run(7, 'settled')).toBe(7);
  expect(await states()).toEqual(['delayed', 'mailbox', 'delayed']);
  const plain = client.task((await pool.queue().add('turn', { n: 8, agentId: 'plain' })).id ?? '');
  expect((await plain.status()).state).toBe('intake');

  pool.dispatcher();
  expect(await Promise.all([...waiting, plain].map((task) => task.result()))).toEqual([4, 5, 6, 8]);
  expect(pool.errors).toEqual([]);
});
