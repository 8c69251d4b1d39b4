import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { json } from 'node:stream/consumers';
import { describe, expect } from 'vitest';
import { type HttpApi, it, keyOf } from '../../support/http.js';

/** The agent that a task went to, by its id. */
async function agentOf(api: HttpApi, headers: Readonly<Record<string, string>>, options?: object): Promise<unknown> {
  const answer = await api.post('/v1/tasks', { task: 'echo', input: 1, ...(options && { options }) }, { headers });
  const body = (await answer.json()) as { id?: string; errors?: unknown };
  return answer.status === 202 ? decodeURIComponent(body.id?.split('~')[0] ?? '') : [answer.status, body.errors];
}

const all = { header: 'X-Session', cookie: 'sid', byAddress: true, trustedProxies: ['127.0.0.0/8'] };
const header = { 'x-session': 'by header' };
const cookie = { cookie: 'a=b; sid=by%20cookie' };

describe('the agent of POST /v1/tasks', () => {
  it('is what comes first: its own, a header, a cookie, the address', async ({ pool }) => {
    const api = await pool.boot({ agentKeys: all });
    const both = { ...header, ...cookie };
    expect(await agentOf(api, both, { agentId: 'own' })).toBe('own');
    expect(await agentOf(api, both)).toBe('by header');
    expect(await agentOf(api, { ...cookie, 'x-session': '' })).toBe('by cookie');
    expect(await agentOf(api, {}, {})).toBe('ip:127.0.0.1');
    expect(await agentOf(api, { 'x-forwarded-for': '6.6.6.6, 203.0.113.7' })).toBe('ip:203.0.113.7');
  });

  it('is refused by the name of the link that says what is no agent', async ({ pool }) => {
    const api = await pool.boot({ agentKeys: all });
    const [status, errors] = (await agentOf(api, { cookie: `sid=${'x'.repeat(257)}` })) as [number, unknown];
    expect([status, errors]).toEqual([400, [{ field: 'cookie sid', message: 'must be 1 to 256 characters' }]]);
  });

  it('is refused where its header is there twice', async ({ pool }) => {
    const api = await pool.boot({ agentKeys: all });
    // By hand, as fetch would send one line of both.
    const headers = { 'content-type': 'application/json', 'x-session': ['a', 'b'] };
    const sent = request(`${api.url}/v1/tasks`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${keyOf('admin')}` },
    });
    sent.end(JSON.stringify({ task: 'echo', input: 1 }));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    expect([answer.statusCode, await json(answer)]).toEqual([
      400,
      expect.objectContaining({ errors: [{ field: 'header x-session', message: 'must be there once' }] }),
    ]);
  });

  it('is none where the dispatcher was told of no link', async ({ api }) => {
    expect(await agentOf(api, { ...header, ...cookie, 'x-forwarded-for': '203.0.113.7' })).toBe('');
  });
});
