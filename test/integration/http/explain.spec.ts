import { expect } from 'vitest';
import { it } from '../../support/http.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';

it('GET /v1/tasks/{id}/explain says why a task is where it is', async ({ pool, api }) => {
  const explain = async (id: string) => (await (await api.send(`/v1/tasks/${id}/explain`)).json()) as { why: string };
  const add = (agentId: string, id: string, options = {}) =>
    api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId, id, ...options } });
  await add('a', '1');
  await add('c', '1', { delay: '1h' });
  await add('d', '1', { labels: { gpu: 'a100' } });
  expect(await explain('a~1')).toEqual({
    state: 'yard',
    why: 'It has no home now, and there is no worker.',
    advice: 'Start a worker.',
  });
  expect((await explain('c~1')).why).toMatch(/^It is due in 3[56]\d\d s\.$/);
  const [started, end] = [new Signal(), new Signal()];
  pool.serve({ turn: () => [started.resolve(), end.seen][1] }, { id: 'w1' });
  await started.seen;
  await add('a', '2');
  await add('b', '1');
  expect((await explain('a~1')).why).toBe('It runs on worker w1.');
  expect((await explain('a~2')).why).toBe('It waits behind one earlier task of its agent, which runs one at a time.');
  expect((await explain('b~1')).why).toBe('It has no home now, and every worker that may run it is full.');
  expect((await explain('d~1')).why).toBe('It has no home now, and no worker that may receive carries gpu=a100.');
  end.resolve();
  await until(async () => (await explain('a~1')).why === 'It has completed.');
  expect((await api.send('/v1/tasks/none/explain')).status).toBe(404);
});
