import { describe, expect } from 'vitest';
import { type HttpApi, it } from '../../support/http.js';
import { until } from '../../support/pool-test.js';

interface Page {
  readonly agents: readonly { readonly id: string; readonly home: string | null }[];
  readonly entries: readonly { readonly id: string; readonly fields: Readonly<Record<string, string>> }[];
  readonly cursor: string | null;
}

/** Every page of a list. */
async function pagesOf(api: HttpApi, path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = await (await api.send(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`)).json();
    pages.push(page);
    cursor = page.cursor;
  }
  return pages;
}

describe('GET /v1/agents', () => {
  it('lists every agent, and those of one worker', async ({ pool, api }) => {
    for (const id of ['w1', 'w2']) pool.serve({ greet: () => 'hello' }, { id });
    const client = pool.client();
    const ids = Array.from({ length: 60 }, (_, i) => `agent ${i}`);
    const tasks = await Promise.all(ids.map((agentId) => client.enqueue('greet', {}, { agentId })));
    await Promise.all(tasks.map((task) => task.result()));
    const listed = (await pagesOf(api, '/v1/agents?limit=10')).flatMap(({ agents }) => agents);
    expect([...new Set(listed.map(({ id }) => id))].sort()).toEqual([...ids].sort());
    const ofOne = (await pagesOf(api, '/v1/agents?worker=w1')).flatMap(({ agents }) => agents);
    expect(ofOne.length).toBeGreaterThan(0);
    expect(new Set(ofOne.map(({ home }) => home))).toEqual(new Set(['w1']));
  });

  it('refuses a cursor that no page gave', async ({ api }) => {
    const reply = await api.send('/v1/agents?cursor=next');
    expect([reply.status, await reply.json()]).toMatchObject([400, { code: 'INVALID_INPUT' }]);
  });
});

describe('GET /v1/journal', () => {
  it('tells what happened, newest first, of an agent, of a worker, or what seldom happens', async ({ pool, api }) => {
    pool.serve({ greet: () => 'hello' }, { id: 'w1' });
    const client = pool.client();
    for (const agentId of ['a/1', 'b', 'c']) await (await client.enqueue('greet', {}, { agentId })).result();
    const eventsOf = async (query: string) =>
      (await pagesOf(api, `/v1/journal?${query}`)).flatMap(({ entries }) => entries.map(({ fields }) => fields.event));
    const all = await eventsOf('limit=2');
    expect(all.filter((event) => event === 'placed')).toHaveLength(3);
    expect(all.at(-1)).toMatch(/leader|joined/);
    expect(await eventsOf('agent=a%2F1')).toEqual(['placed']);
    expect(await eventsOf('worker=w1')).toEqual(expect.arrayContaining(['placed', 'joined']));
    await until(async () => (await eventsOf('rare=true')).length >= 2);
    expect(await eventsOf('rare=true')).not.toContain('placed');
  });
});
