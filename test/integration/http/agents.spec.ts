import { expect } from 'vitest';
import { it } from '../../support/http.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';

it('GET /v1/agents/{id} tells where an agent is and what it has to do', async ({ pool, api }) => {
  const [started, end] = [new Signal(), new Signal()];
  pool.serve({ turn: () => [started.resolve(), end.seen][1] }, { id: 'w1' });
  for (const id of ['1', '2', '3'])
    await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a/42', id } });
  await started.seen;
  const agent = async () => (await api.send('/v1/agents/a%2F42')).json();
  expect(await agent()).toEqual({
    id: 'a/42',
    state: 'busy',
    home: 'w1',
    current: 'a%2F42~1',
    waiting: 2,
    fence: expect.any(Number),
    forgottenInMs: null,
    pin: null,
    paused: null,
  });
  end.resolve();
  await until(async () => ((await agent()) as { current: string | null }).current === null);
  expect(await agent()).toMatchObject({ home: 'w1', waiting: 0, forgottenInMs: expect.any(Number) });
  expect((await api.send('/v1/agents/nobody')).status).toBe(404);
  expect((await api.send('/v1/agents/%00')).status).toBe(400);
});
