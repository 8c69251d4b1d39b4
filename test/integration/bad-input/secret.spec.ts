import { loggerOf } from '@shunt/runtime';
import { describe, expect } from 'vitest';
import { it } from '../../support/http.js';
import { refusalOf } from '../../support/refusal.js';

/** Planted in every place where a person may put one, and looked for in all that comes out. */
const secret = 'hunter2';

describe('a secret that somebody puts in the wrong place', () => {
  it('is in no log, error, journal, audit, metric or answer', async ({ pool }) => {
    const told: string[] = [];
    const logger = loggerOf('trace', 'test', { write: (line: string) => void told.push(line) });
    const api = await pool.boot({ logger });
    pool.serve({ turn: () => Promise.reject(new Error('no')), echo: () => 'done' }, { id: 'w1' });
    const client = pool.client();
    const tell = async (reply: Response) => told.push(await reply.text(), JSON.stringify([...reply.headers]));

    // As the payload of tasks that are taken: it is theirs, and nobody else is told.
    for (const task of ['turn', 'echo']) {
      const handle = await client.enqueue(task, { password: secret }, { agentId: 'a' });
      await handle.ended({ wait: '30s' });
      for (const path of ['', '/result', '/explain', '/events'])
        await tell(await api.send(`/v1/tasks/${handle.id}${path}`));
    }
    // As a value of what is refused.
    for (const options of [
      { priority: secret },
      { priorty: secret },
      { agentId: `${secret}\0` },
      { backoff: { type: secret } },
    ])
      told.push(String((await refusalOf(() => client.enqueue('turn', 1, options as never))).stack));
    for (const json of [
      { task: 'echo', input: 1, options: { delay: secret } },
      { task: 'echo', input: 1, other: secret },
      secret,
    ])
      await tell(await api.post('/v1/tasks', json));
    await tell(await api.send('/v1/tasks', { method: 'POST', body: `{"task":"${secret}` }));
    await tell(await api.send(`/v1/tasks?state=${secret}&limit=${secret}&cursor=${secret}`));
    await tell(await api.send('/v1/pools/x', { method: 'PATCH', json: { config: { strategy: secret } } }));
    await tell(await api.send(`/v1/pools/${pool.pool}`, { method: 'PATCH', json: { config: { strategy: secret } } }));
    await tell(await api.send('/v1/workers/w1/breaker', { method: 'PUT', json: { order: secret } }));
    // As a key, right or wrong, where headers and queries hold it.
    await tell(await api.send('/v1/workers', { as: null, headers: { authorization: `Bearer ${secret}` } }));
    await tell(
      await api.send('/v1/workers', {
        as: null,
        headers: { authorization: `Basic ${secret}`, cookie: `shunt=${secret}` },
      }),
    );
    await tell(await api.send(`/v1/workers?apiKey=${secret}`));
    // As the password of a Redis that does not answer.
    const away = pool.client({ redis: `redis://:${secret}@127.0.0.1:1`, timeout: 200 });
    told.push(String((await refusalOf(() => away.enqueue('turn', 1))).stack));

    for (const path of [
      '/metrics',
      '/v1/journal',
      '/v1/audit',
      '/v1/workers',
      '/v1/tasks',
      '/v1/agents',
      '/v1/stats',
      '/v1/alerts',
      '/readyz',
    ])
      await tell(await api.send(path));
    told.push(JSON.stringify((await client.pool.past()).entries), ...pool.errors.map((error) => String(error.stack)));
    expect(told.length).toBeGreaterThan(60);
    // A result is told to whoever asks for it; the echo of this test returns another text.
    expect(told.filter((text) => text.includes(secret))).toEqual([]);
  });
});
