import { expect } from 'vitest';
import { it } from '../../support/http.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';

it('GET /v1/pools/{pool}/scores tells what each worker would count, factor by factor', async ({ pool, api }) => {
  const end = new Signal();
  const ran: string[] = [];
  const hold = (id: string) => () => {
    ran.push(id);
    return end.seen;
  };
  for (const id of ['w1', 'w2']) {
    pool.serve({ turn: hold(id) }, { id, slots: 2, labels: id === 'w2' ? { gpu: 'a100' } : {} });
  }
  await until(async () => (await pool.redis.hlen(pool.keys.of('routable'))) === 2);
  await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a' } });
  await until(() => ran.length === 1);
  const scores = async (query = '') => api.send(`/v1/pools/${pool.pool}/scores${query}`);
  const body = await (await scores()).json();
  const load = (value: number) => ({ factor: 'load', value, weight: 0.4, contribution: 0.4 * value });
  const idle = ran[0] === 'w1' ? 'w2' : 'w1';
  expect(body).toMatchObject({
    strategy: 'least-connections',
    workers: [
      { worker: idle, isFree: true, factors: expect.arrayContaining([load(0.5)]) },
      { worker: ran[0], isFree: true, factors: expect.arrayContaining([load(1)]) },
    ],
  });
  expect((await (await scores('?labels=gpu%3Da100')).json()).workers).toMatchObject([{ worker: 'w2' }]);
  const bad = await scores('?labels=gpu');
  expect(bad.status).toBe(400);
  expect(await bad.json()).toMatchObject({ errors: [{ field: expect.stringContaining('labels') }] });
  expect((await api.send('/v1/pools/other/scores')).status).toBe(404);
  end.resolve();
});
