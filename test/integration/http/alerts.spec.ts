import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { shapeOf, snippetsOf } from '../../docs/snippets.js';
import { configure } from '../../support/configure.js';
import { FaultProxy } from '../../support/fault-proxy.js';
import { it } from '../../support/http.js';
import { until } from '../../support/pool-test.js';
import { readScrape } from '../../support/scrape.js';

interface Told {
  readonly alert: string;
  readonly state: string;
}
/** What docs/operations.md says is posted. */
interface Post extends Told {
  readonly id: string;
  readonly since: string;
  readonly value: number;
  readonly text: string;
  readonly pool: string;
  readonly dispatcher: string;
}
const documented = snippetsOf('docs/operations.md').find(({ whyNot }) => whyNot?.includes('http/alerts.spec.ts'));
const idOf = ({ alert, state, since }: Post) => `${alert}-${state}-${Date.parse(since)}`;

describe('GET /v1/alerts', () => {
  it('tells each alert, as the metrics and the webhook do', async ({ pool }) => {
    const told: Post[] = [];
    const server = createServer(async (request, reply) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      told.push(JSON.parse(text));
      reply.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const alertWebhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const api = await pool.boot({ alertWebhook, dispatcherId: 'd1' });
    await configure(pool, { alerts: { lateAfter: 50 } });
    await pool.queue().add('turn', {}, { timestamp: Date.now() - 5000 });
    const list = async () =>
      ((await (await api.send('/v1/alerts', { as: 'viewer' })).json()) as { alerts: Told[] }).alerts;
    await until(async () => (await list()).some(({ alert, state }) => alert === 'work_is_late' && state === 'firing'));
    await until(() => told.length > 0);
    const [post] = told as [Post];
    const example = JSON.parse(documented?.text ?? '{}') as Post;
    expect(shapeOf(post)).toEqual(shapeOf(example));
    for (const each of [post, example])
      expect([each.id, new Date(each.since).toISOString()]).toEqual([idOf(each), each.since]);
    expect(post).toMatchObject({ alert: 'work_is_late', state: 'firing', pool: pool.pool, dispatcher: 'd1' });
    expect(post.value).toBeGreaterThanOrEqual(5);
    expect(post.text).toMatch(/^The next task has waited for [\d.]+ s; 0.05 s are allowed$/);
    expect(await list()).toHaveLength(15);
    const scrape = readScrape(await (await api.send('/metrics', { as: null })).text());
    const metric = (alert: string) => scrape.get(`shunt_alerts{pool="${pool.pool}",alert="${alert}",state="firing"}`);
    expect([metric('work_is_late'), metric('hot_worker')]).toEqual([1, 0]);
    await pool.stopApps();
    server.close();
    server.closeAllConnections();
  });

  it('says at once since when Redis is down, as no alert can be read then', async ({ pool }) => {
    const proxy = await FaultProxy.open(pool.url);
    const api = await pool.boot({ redis: proxy.url });
    await until(async () => (await api.send('/v1/alerts')).status === 200);
    await proxy.close();
    const name = `shunt_alerts{pool="${pool.pool}",alert="redis_down",state="firing"}`;
    await until(async () => readScrape(await (await api.send('/metrics', { as: null })).text()).get(name) === 1);
    const reply = await api.send('/v1/alerts');
    expect(reply.status).toBe(503);
    expect(await reply.json()).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      detail: expect.stringMatching(
        /^redis_down fires since \S+Z, and no other alert can be read: Redis does not answer/,
      ),
    });
  });
});
