import { auditPage } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import { it } from '../../support/http.js';
import { Signal } from '../../support/pool.js';
import { until } from '../../support/pool-test.js';
import { readScrape } from '../../support/scrape.js';

describe('POST /v1/tasks', () => {
  it('accepts a task and says where it is', async ({ pool, api }) => {
    pool.serve({ greet: ({ name }) => `hello ${name}` });
    const sent = { task: 'greet', input: { name: 'Ada' }, options: { agentId: 'a/42' } };
    const reply = await api.post('/v1/tasks', sent, { as: 'submitter' });
    const { id, deduplicated } = (await reply.json()) as { id: string; deduplicated: boolean };
    expect([reply.status, deduplicated]).toEqual([202, false]);
    expect(reply.headers.get('location')).toBe(`/v1/tasks/${encodeURIComponent(id)}`);
    expect(id).toMatch(/^a%2F42~/);

    const result = await api.send(`${reply.headers.get('location')}/result?wait=30s`, { as: 'viewer' });
    expect([result.status, await result.json()]).toEqual([200, { outcome: 'completed', value: 'hello Ada' }]);
    const task = await (await api.send(`${reply.headers.get('location')}`, { as: 'viewer' })).json();
    expect(task).toMatchObject({ id, state: 'completed', attemptsMade: 1 });
  });

  it('never tells a Host header in what it answers', async ({ api }) => {
    const reply = await api.post('/v1/tasks', { task: 'greet', input: 1 }, { headers: { host: 'evil.example' } });
    expect(JSON.stringify([...reply.headers]) + (await reply.text())).not.toContain('evil');
  });

  it('counts and times what it is sent in the metrics', async ({ pool, api }) => {
    await api.post('/v1/tasks', { task: 'greet', input: 1 }, { headers: { 'idempotency-key': '7' } });
    await api.post('/v1/tasks', { task: 'greet', input: 2 }, { headers: { 'idempotency-key': '7' } });
    await api.post('/v1/tasks/bulk', { tasks: [{ task: 'greet', input: 1 }, { task: '' }] });
    const scrape = readScrape(await (await api.send('/metrics', { as: null })).text());
    const rejected = (reason: string) =>
      scrape.get(`shunt_tasks_rejected_total{pool="${pool.pool}",reason="${reason}"}`);
    expect([rejected('conflict'), rejected('invalid'), rejected('full')]).toEqual([1, 1, 0]);
    expect(scrape.get(`shunt_enqueue_seconds_count{pool="${pool.pool}"}`)).toBe(3);
  });

  it('makes one task of a repeated request, and refuses another input under the same key', async ({ api }) => {
    const headers = { 'idempotency-key': 'order 7' };
    const first = await (await api.post('/v1/tasks', { task: 'greet', input: 1 }, { headers })).json();
    const second = await (await api.post('/v1/tasks', { task: 'greet', input: 1 }, { headers })).json();
    expect([first, second]).toEqual([
      { id: '~order%207', deduplicated: false },
      { id: '~order%207', deduplicated: true },
    ]);
    const other = await api.post('/v1/tasks', { task: 'greet', input: 2 }, { headers });
    expect([other.status, await other.json()]).toMatchObject([409, { code: 'CONFLICT', retryable: false }]);
  });

  it('refuses a key that is not the id the task says', async ({ api }) => {
    const body = { task: 'greet', input: 1, options: { id: 'one' } };
    const reply = await api.post('/v1/tasks', body, { headers: { 'idempotency-key': 'other' } });
    expect(await reply.json()).toMatchObject({
      status: 400,
      errors: [{ field: 'Idempotency-Key', message: 'must be the same as options.id, or left out' }],
    });
  });

  it('says when a full pool is to be asked again', async ({ pool }) => {
    const api = await pool.boot({ maxWaiting: 1 });
    const post = () => api.post('/v1/tasks', { task: 'greet', input: 1 });
    await until(async () => (await post()).status === 429);
    const reply = await post();
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await reply.json()).toMatchObject({ code: 'POOL_FULL', retryable: true, retryAfterMs: 1000 });
  });
});

describe('POST /v1/tasks/bulk', () => {
  it('has a result for each task, at its index', async ({ api }) => {
    const tasks = [
      { task: 'greet', input: 1 },
      { task: 'greet', input: 1, options: { priorty: 1 } },
      'no task',
      { task: 'greet', input: 2, options: { agentId: 'a', id: 'mine' } },
    ];
    const headers = { 'idempotency-key': 'k' };
    const reply = await api.post('/v1/tasks/bulk', { tasks }, { headers });
    expect(reply.status).toBe(200);
    expect(await reply.json()).toEqual({
      results: [
        { ok: true, id: '~k.0', deduplicated: false },
        {
          ok: false,
          problem: expect.objectContaining({
            status: 400,
            code: 'INVALID_TASK',
            errors: [{ field: 'priorty', message: 'is not a known option: did you mean priority?' }],
          }),
        },
        { ok: false, problem: expect.objectContaining({ status: 400, code: 'INVALID_TASK' }) },
        { ok: true, id: 'a~mine', deduplicated: false },
      ],
    });
    const again = (await (await api.post('/v1/tasks/bulk', { tasks }, { headers })).json()) as { results: object[] };
    expect([again.results[0], again.results[3]]).toEqual([
      { ok: true, id: '~k.0', deduplicated: true },
      { ok: true, id: 'a~mine', deduplicated: true },
    ]);
  });

  it('takes more than other routes do, and no more than 1,000 tasks', async ({ api }) => {
    const big = Array.from({ length: 40 }, () => ({ task: 'greet', input: 'x'.repeat(100_000) }));
    expect((await api.post('/v1/tasks/bulk', { tasks: big })).status).toBe(200);
    for (const tasks of [[], Array.from({ length: 100_000 }, () => ({})), {}, null]) {
      const reply = await api.post('/v1/tasks/bulk', { tasks });
      expect(await reply.json()).toMatchObject({
        status: 400,
        errors: [{ field: 'tasks', message: 'must be an array of 1 to 1000 tasks' }],
      });
    }
  });
});

describe('GET /v1/tasks/{id}/result', () => {
  it('answers 202 while the task goes on', async ({ api }) => {
    await api.post('/v1/tasks', { task: 'greet', input: 1, options: { id: 'x' } });
    for (const query of ['', '?wait=0', '?wait=50', '?wait=50ms']) {
      const reply = await api.send(`/v1/tasks/~x/result${query}`);
      expect([reply.status, await reply.json()]).toEqual([202, { outcome: null }]);
    }
  });

  it('tells why a task failed', async ({ pool, api }) => {
    pool.serve({
      greet: () => {
        throw new Error('no greeting today');
      },
    });
    await api.post('/v1/tasks', { task: 'greet', input: 1, options: { id: 'x' } });
    const reply = await api.send('/v1/tasks/~x/result?wait=30s');
    expect(await reply.json()).toEqual({ outcome: 'failed', reason: 'no greeting today' });
  });

  it('is a 404 for a task that nobody knows, and for a key that is no task', async ({ api }) => {
    for (const id of ['none', 'meta', 'wait', 'events', 'leader', 'journal', '..%2F..%2Fetc', '%2e%2e']) {
      for (const path of [`/v1/tasks/${id}`, `/v1/tasks/${id}/result`]) {
        const reply = await api.send(path);
        expect([path, reply.status, await reply.json()]).toMatchObject([path, 404, { code: 'NOT_FOUND' }]);
      }
    }
  });
});

describe('POST /v1/tasks/{id}/cancel', () => {
  it('ends a waiting task, has a running one aborted, and is audited', async ({ pool, api }) => {
    const started = new Signal();
    pool.serve({
      turn: async (_input, { signal }) => {
        started.resolve();
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a', id: '1' } });
    await api.post('/v1/tasks', { task: 'turn', input: 1, options: { agentId: 'a', id: '2' } });
    await started.seen;
    const waiting = await api.post('/v1/tasks/a~2/cancel', { reason: 'not needed' }, { as: 'submitter' });
    expect([waiting.status, await waiting.json()]).toEqual([200, { outcome: 'cancelled' }]);
    const running = await api.send('/v1/tasks/a~1/cancel', { method: 'POST' });
    expect(await running.json()).toEqual({ outcome: 'cancelling' });
    for (const id of ['1', '2']) {
      const reply = await api.send(`/v1/tasks/a~${id}/result?wait=30s`);
      expect(await reply.json()).toMatchObject({ outcome: 'cancelled' });
    }
    const { entries } = await (await api.send('/v1/journal?limit=100')).json();
    const told = entries.map(({ fields }: { fields: Record<string, string> }) => fields);
    expect(told).toContainEqual(
      expect.objectContaining({ event: 'cancelled', task: 'a~2', by: 'the-submitter', why: 'not needed' }),
    );
    expect((await api.send('/v1/tasks/none/cancel', { method: 'POST' })).status).toBe(404);
    const asked = { actor: 'the-admin', role: 'admin', action: 'task.cancel', reason: '' };
    expect(await auditPage(pool.redis, pool.keys, 100)).toMatchObject([
      { ...asked, target: 'task none', outcome: 'NOT_FOUND' },
      { ...asked, target: 'task none', outcome: 'asked' },
      { ...asked, target: 'task a~1', outcome: 'asked' },
      { actor: 'the-submitter', role: 'submitter', target: 'task a~2', reason: 'not needed', outcome: 'asked' },
    ]);
  });
});

describe('POST /v1/tasks/{id}/retry', () => {
  it('lets a failed task run again, and no other', async ({ pool, api }) => {
    let isWell = false;
    pool.serve({
      turn: () => {
        if (!isWell) throw new Error('not yet');
      },
    });
    await api.post('/v1/tasks', { task: 'turn', input: 1, options: { id: 'x' } });
    const result = async () => (await api.send('/v1/tasks/~x/result?wait=30s')).json();
    expect(await result()).toEqual({ outcome: 'failed', reason: 'not yet' });
    isWell = true;
    const reply = await api.post('/v1/tasks/~x/retry', { reason: 'mended' }, { as: 'submitter' });
    expect([reply.status, await reply.json()]).toEqual([202, { outcome: 'retried' }]);
    expect(await result()).toMatchObject({ outcome: 'completed' });
    const { entries } = await (await api.send('/v1/journal?limit=100')).json();
    const told = entries.map(({ fields }: { fields: Record<string, string> }) => fields);
    expect(told).toContainEqual({ event: 'rerun', task: '~x', by: 'the-submitter', why: 'mended' });
    expect((await api.send('/v1/tasks/~x/retry', { method: 'POST' })).status).toBe(409);
    expect((await api.send('/v1/tasks/none/retry', { method: 'POST' })).status).toBe(404);
  });
});
