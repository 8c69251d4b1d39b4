import { describe, expect } from 'vitest';
import { it } from '../../support/http.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';

describe('the routes of workers', () => {
  it('tell every worker with its lane and load', async ({ pool, api }) => {
    pool.serve({ greet: () => 'hello' }, { id: 'w1', slots: 2, zone: 'eu-1', labels: { gpu: 'a100' } });
    await until(async () => (await api.send('/v1/workers/w1')).status === 200);
    const one = { id: 'w1', state: 'up', isRoutable: true, breaker: 'closed', slots: 2, running: 0, waiting: 0 };
    const more = { loadRatio: 0, zone: 'eu-1', labels: { gpu: 'a100' }, pid: process.pid };
    expect(await (await api.send('/v1/workers')).json()).toEqual({
      workers: [expect.objectContaining({ ...one, ...more })],
    });
    expect(await (await api.send('/v1/workers/w1')).json()).toMatchObject({ ...one, ...more });
  });

  it('drain one, tell before what that would move, and let it back', async ({ pool, api }) => {
    pool.serve({ greet: () => 'hello' }, { id: 'w1' });
    await until(async () => (await api.send('/v1/workers/w1')).status === 200);
    const stateOf = async () => ((await (await api.send('/v1/workers/w1')).json()) as { state: string }).state;
    const plan = { waiting: 0, running: 0, others: 0, moved: 0 };
    const dry = await api.send('/v1/workers/w1/drain?dryRun=true', { method: 'POST', as: 'operator' });
    expect([dry.status, await dry.json(), await stateOf()]).toEqual([200, plan, 'up']);
    const wet = await api.post('/v1/workers/w1/drain', { reason: 'new disk' }, { as: 'operator' });
    expect([wet.status, await wet.json(), await stateOf()]).toEqual([200, plan, 'drained']);
    const would = await api.send('/v1/workers/w1/undrain?dryRun=true', { method: 'POST', as: 'operator' });
    expect([await would.json(), await stateOf()]).toEqual([{ wasDrained: true }, 'drained']);
    await api.send('/v1/workers/w1/undrain', { method: 'POST', as: 'operator' });
    await until(async () => (await stateOf()) === 'up');

    const audit = (await (await api.send('/v1/audit')).json()) as { entries: object[]; cursor: null };
    const own = { actor: 'the-operator', role: 'operator', target: 'worker w1', outcome: 'asked' };
    expect(audit).toEqual({
      entries: [
        expect.objectContaining({ ...own, action: 'worker.undrain', reason: '' }),
        expect.objectContaining({ ...own, action: 'worker.drain', reason: 'new disk' }),
      ],
      cursor: null,
    });
  });

  it('evict what waits for one, and tell before what that would move', async ({ pool, api }) => {
    const held = new Signal();
    const handlers = { greet: () => 'hello', hold: () => held.seen };
    pool.serve(handlers, { id: 'w1', slots: 1 });
    await until(async () => (await api.send('/v1/workers/w1')).status === 200);
    const client = pool.client();
    await (await client.enqueue('greet', {}, { agentId: 'a' })).result();
    const running = await client.enqueue('hold', {}, { agentId: 'b' });
    await until(async () => (await running.status()).state === 'running');
    const task = await client.enqueue('greet', {}, { agentId: 'a', affinity: 'strict' });
    pool.serve(handlers, { id: 'w2', slots: 1 });
    await until(async () => (await client.workers.evictPlan('w1')).others === 1);
    const plan = { waiting: 1, staying: 0, running: 1, others: 1 };
    const dry = await api.send('/v1/workers/w1/evict?dryRun=true', { method: 'POST', as: 'operator' });
    expect([dry.status, await dry.json()]).toEqual([200, { ...plan, moved: 0 }]);
    expect(await task.status()).toMatchObject({ state: 'lane', worker: 'w1' });
    const wet = await api.post('/v1/workers/w1/evict', { reason: 'it is behind' }, { as: 'operator' });
    expect([wet.status, await wet.json()]).toEqual([200, { ...plan, moved: 1 }]);
    await task.result();
    held.resolve();
    const { entries } = (await (await api.send('/v1/audit')).json()) as { entries: object[] };
    expect(entries).toEqual([
      expect.objectContaining({ action: 'worker.evict', target: 'worker w1', reason: 'it is behind' }),
    ]);
  });

  it('set a breaker by hand', async ({ pool, api }) => {
    pool.serve({ greet: () => 'hello' }, { id: 'w1' });
    await until(async () => (await api.send('/v1/workers/w1')).status === 200);
    const order = (json: object) => api.send('/v1/workers/w1/breaker', { method: 'PUT', json, as: 'operator' });
    expect(await (await order({ order: 'open', reason: 'it smokes' })).json()).toEqual({ order: 'open' });
    await until(
      async () => ((await (await api.send('/v1/workers/w1')).json()) as { breaker: string }).breaker === 'open',
    );
    expect(await (await order({ order: 'shut' })).json()).toMatchObject({
      status: 400,
      errors: [{ field: 'order', message: "must be 'open', 'close' or 'auto'" }],
    });
  });

  it('answer 404 for a worker that nobody knows', async ({ api }) => {
    for (const [method, path, json] of [
      ['GET', '/v1/workers/none'],
      ['POST', '/v1/workers/none/drain'],
      ['POST', '/v1/workers/none/undrain'],
      ['POST', '/v1/workers/none/evict'],
      ['PUT', '/v1/workers/none/breaker', { order: 'open' }],
    ] as const) {
      const reply = await api.send(path, { method, json });
      expect([path, reply.status]).toEqual([path, 404]);
    }
  });
});

describe('the routes of a pool', () => {
  it('tell its figures', async ({ pool, api }) => {
    pool.serve({ greet: () => 'hello' }, { id: 'w1' });
    for (const id of ['1', '2'])
      await api.post('/v1/tasks', { task: 'greet', input: 1, options: { agentId: 'a', id } });
    for (const id of ['1', '2']) await api.send(`/v1/tasks/a~${id}/result?wait=30s`);
    const stats = async () => (await (await api.send('/v1/stats')).json()) as { totals: { completed: number } };
    await until(async () => (await stats()).totals.completed === 2);
    expect(await stats()).toMatchObject({
      oldestAgeMs: 0,
      runs: expect.arrayContaining([{ upToMs: null, attempts: 0 }]),
      tasks: { intake: 0, yard: 0, lane: 0, mailbox: 0, running: 0, delayed: 0 },
      totals: { enqueued: 2, completed: 2, failedAttempts: 0, failed: 0, cancelled: 0 },
      times: { tasks: 2, total: { maxMs: expect.any(Number) } },
      warmRatio: 0.5,
      workers: [{ id: 'w1', loadRatio: 0 }],
    });
    const shown = await (await api.send(`/v1/pools/${pool.pool}`)).json();
    expect(shown).toMatchObject({ pool: pool.pool, workers: { up: 1, out: 0 }, configVersion: 0 });
    expect((await api.send('/v1/pools/other')).status).toBe(404);
    expect(await (await api.send('/v1/version')).json()).toEqual({ version: '0.1.0', pool: pool.pool });
  });

  it('page through the audit', async ({ api }) => {
    for (const id of ['1', '2', '3']) await api.send(`/v1/workers/${id}/drain`, { method: 'POST' });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = (await (await api.send(`/v1/audit?limit=4${query}`)).json()) as {
        entries: { target: string; outcome: string }[];
        cursor: string | null;
      };
      seen.push(...page.entries.map(({ target, outcome }) => `${target} ${outcome}`));
      cursor = page.cursor;
    }
    const of = (id: number) => [`worker ${id} NOT_FOUND`, `worker ${id} asked`];
    expect(seen).toEqual([...of(3), ...of(2), ...of(1)]);
  });

  it.for(['limit=-1', 'limit=0', 'limit=1e3', 'limit=1001', 'limit=1.5', 'cursor=forged', 'cursor=(1-1', 'cursor='])(
    'refuse %s',
    async (query, { api }) => {
      const reply = await api.send(`/v1/audit?${query}`);
      expect(await reply.json()).toMatchObject({ status: 400, errors: [{ field: query.split('=')[0] }] });
    },
  );
});
