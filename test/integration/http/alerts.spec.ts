import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect } from 'vitest';
import { configure } from '../../support/configure.js';
import { it } from '../../support/http.js';
import { until } from '../../support/pool-test.js';
import { readScrape } from '../../support/scrape.js';

interface Told {
  readonly alert: string;
  readonly state: string;
  readonly pool?: string;
}

describe('GET /v1/alerts', () => {
  it('tells each alert, as the metrics and the webhook do', async ({ pool }) => {
    const told: Told[] = [];
    const server = createServer(async (request, reply) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      told.push(JSON.parse(text));
      reply.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const alertWebhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const api = await pool.boot({ alertWebhook });
    await configure(pool, { alerts: { lateAfter: 50 } });
    await pool.queue().add('turn', {}, { timestamp: Date.now() - 5000 });
    const list = async () =>
      ((await (await api.send('/v1/alerts', { as: 'viewer' })).json()) as { alerts: Told[] }).alerts;
    await until(async () => (await list()).some(({ alert, state }) => alert === 'work_is_late' && state === 'firing'));
    await until(() => told.length > 0);
    expect(told[0]).toMatchObject({ alert: 'work_is_late', state: 'firing', pool: pool.pool, id: expect.any(String) });
    expect(await list()).toHaveLength(12);
    const scrape = readScrape(await (await api.send('/metrics', { as: null })).text());
    const metric = (alert: string) => scrape.get(`shunt_alerts{pool="${pool.pool}",alert="${alert}",state="firing"}`);
    expect([metric('work_is_late'), metric('hot_worker')]).toEqual([1, 0]);
    await pool.stopApps();
    server.close();
    server.closeAllConnections();
  });
});
