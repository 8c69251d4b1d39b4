import { expect } from 'vitest';
import { type HttpApi, it, type Sent } from '../../support/http.js';
import { until } from '../../support/pool-test.js';

const asOperator = (api: HttpApi, method: string) => async (path: string, json?: object) => {
  const sent: Sent = { method, as: 'operator', ...(json === undefined ? {} : { json }) };
  const reply = await api.send(`/v1/agents/${path}`, sent);
  return { status: reply.status, body: await reply.json() };
};
const isUp = async (api: HttpApi, id: string): Promise<boolean> => {
  const { isRoutable } = (await (await api.send(`/v1/workers/${id}`)).json()) as { isRoutable?: boolean };
  return isRoutable === true;
};
const read = async (api: HttpApi, path: string) => (await (await api.send(path)).json()) as Record<string, unknown>;
const run = async (api: HttpApi, agentId: string, id: string) => {
  await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId, id } });
  return read(api, `/v1/tasks/${agentId}~${id}/result?wait=30s`);
};

it('PUT and DELETE /v1/agents/{id}/pin hold an agent at a worker, and let it go', async ({ pool, api }) => {
  for (const id of ['w1', 'w2']) pool.serve({ turn: () => id }, { id });
  await until(async () => (await isUp(api, 'w1')) && (await isUp(api, 'w2')));
  const ordered = await asOperator(api, 'PUT')('a/pin', { worker: 'w2', ttl: '30m', reason: 'warm there' });
  expect(ordered).toEqual({ status: 200, body: { worker: 'w2', soft: false, ttlMs: 1_800_000 } });
  expect(await read(api, '/v1/agents/a')).toMatchObject({
    home: null,
    pin: { worker: 'w2', kind: 'strict', untilMs: expect.any(Number) },
  });
  expect(await run(api, 'a', '1')).toMatchObject({ value: 'w2' });
  await asOperator(api, 'PUT')('a/pin', { worker: 'w2', soft: true });
  expect(await read(api, '/v1/agents/a')).toMatchObject({ pin: { worker: 'w2', kind: 'soft', untilMs: null } });
  const unpin = () => asOperator(api, 'DELETE')('a/pin');
  expect([await unpin(), await unpin()]).toEqual(
    [true, false].map((wasPinned) => ({ status: 200, body: { wasPinned } })),
  );
  expect(await read(api, '/v1/agents/a')).toMatchObject({ home: 'w2', pin: null });
});

it('POST /v1/agents/{id}/move and release change its home', async ({ pool, api }) => {
  for (const id of ['w1', 'w2']) pool.serve({ turn: () => id }, { id });
  await until(async () => (await isUp(api, 'w1')) && (await isUp(api, 'w2')));
  const post = asOperator(api, 'POST');
  for (const [n, worker] of ['w1', 'w2', 'w1'].entries()) {
    expect(await post('a/move', { worker, reason: 'room there' })).toEqual({ status: 200, body: { worker } });
    expect(await run(api, 'a', String(n))).toMatchObject({ value: worker });
    expect(await read(api, '/v1/agents/a')).toMatchObject({ home: worker, pin: null });
  }
  expect(await post('a/release')).toEqual({ status: 200, body: { hadHome: true } });
  expect(await post('a/release')).toEqual({ status: 200, body: { hadHome: false } });
  const { entries } = (await read(api, '/v1/audit?limit=3')) as { entries: object[] };
  const own = { actor: 'the-operator', role: 'operator', outcome: 'asked' };
  expect(entries).toEqual([
    expect.objectContaining({ ...own, action: 'agent.release', target: 'agent a', reason: '' }),
    expect.objectContaining({ ...own, action: 'agent.release', target: 'agent a' }),
    expect.objectContaining({ ...own, action: 'agent.move', target: 'agent a w1', reason: 'room there' }),
  ]);
});

it('POST /v1/agents/{id}/pause and resume hold its tasks back, by name', async ({ pool, api }) => {
  pool.serve({ turn: () => 'done' }, { id: 'w1' });
  const post = asOperator(api, 'POST');
  const would = expect.stringMatching(/^Its tasks would wait, in order, also those that come/);
  expect(await post('a/pause?dryRun=true')).toEqual({ status: 200, body: { wasPaused: false, would } });
  const pause = () => post('a/pause', { reason: 'its store is down' });
  const answers = [false, true].map((wasPaused) => ({ status: 200, body: { wasPaused } }));
  expect([await pause(), await pause()]).toEqual(answers);
  await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a', id: '1' } });
  const paused = { by: 'the-operator', sinceMs: expect.any(Number) };
  expect(await read(api, '/v1/agents/a')).toMatchObject({ state: 'paused', waiting: 1, current: null, paused });
  expect(await read(api, '/v1/tasks/a~1/explain')).toEqual({
    state: 'mailbox',
    why: expect.stringMatching(/^It waits because its agent is paused by the-operator since .*Z\.$/),
    advice: 'Resume the agent.',
  });
  const { entries } = (await read(api, '/v1/audit?limit=1')) as { entries: object[] };
  const told = { actor: 'the-operator', action: 'agent.pause', target: 'agent a', reason: 'its store is down' };
  expect(entries).toEqual([expect.objectContaining({ ...told, outcome: 'asked' })]);
  const goesOn = 'Its tasks would go on at once, in order; in its mailbox: 1.';
  expect(await post('a/resume?dryRun=true')).toEqual({ status: 200, body: { wasPaused: true, would: goesOn } });
  expect([await post('a/resume'), await post('a/resume')]).toEqual(answers.reverse());
  expect(await read(api, '/v1/tasks/a~1/result?wait=30s')).toMatchObject({ value: 'done' });
  expect(await read(api, '/v1/agents/a')).toMatchObject({ paused: null });
});

it('explain says that a task waits for the worker its agent is pinned to', async ({ pool, api }) => {
  pool.serve({ turn: () => 'done' }, { id: 'w1' });
  await until(() => isUp(api, 'w1'));
  await asOperator(api, 'PUT')('a/pin', { worker: 'w1' });
  await api.post('/v1/workers/w1/drain', {});
  await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a', id: '1' } });
  const explained = () => read(api, '/v1/tasks/a~1/explain');
  await until(async () => (await explained()).state === 'delayed');
  expect(await explained()).toEqual({
    state: 'delayed',
    why: 'It waits for worker w1, to which its agent is pinned and which may not receive.',
    advice: 'See why that worker may not take it, or unpin the agent.',
  });
});

it('a worker nobody knows is a 404, and one that lacks a label of a waiting task a 409', async ({ pool, api }) => {
  pool.serve({ turn: () => 'done' }, { id: 'w1' });
  await until(() => isUp(api, 'w1'));
  const labels = { gpu: 'a100' };
  await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a', id: '1', labels } });
  await until(async () => (await read(api, '/v1/tasks/a~1')).state === 'yard');
  for (const [method, path] of [
    ['PUT', 'a/pin'],
    ['POST', 'a/move'],
  ] as const) {
    const order = asOperator(api, method);
    expect(await order(path, { worker: 'none' })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
    expect(await order(path, { worker: 'w1' })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT', detail: expect.stringContaining('gpu=a100') },
    });
  }
});

it.for([
  ['PUT', 'a/pin', {}, 'worker'],
  ['PUT', 'a/pin', { worker: 'w 1' }, 'worker'],
  ['PUT', 'a/pin', { worker: 'w1', ttl: '0ms' }, 'ttl'],
  ['PUT', 'a/pin', { worker: 'w1', ttl: 'soon' }, 'ttl'],
  ['PUT', 'a/pin', { worker: 'w1', soft: 'yes' }, 'soft'],
  ['PUT', 'a/pin', { worker: 'w1', sotf: true }, 'sotf'],
  ['PUT', '%00/pin', { worker: 'w1' }, 'id'],
  ['DELETE', 'a/pin', { reason: 7 }, 'reason'],
  ['POST', 'a/move', { worker: 7 }, 'worker'],
  ['POST', 'a/move', { worker: 'w1', ttl: '1m' }, 'ttl'],
  ['POST', 'a/release', { worker: 'w1' }, 'worker'],
  ['POST', 'a/pause', { ttl: '1m' }, 'ttl'],
  ['POST', 'a/resume', { by: 'me' }, 'by'],
] as const)('%s %s of %j is refused for its %s', async ([method, path, json, field], { api }) => {
  expect(await asOperator(api, method)(path, json)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
});
