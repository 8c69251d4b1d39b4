import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProbes } from '@shunt/probes';
import { Terminal } from '@shunt/sdk';
import { describe, expect, it as plainIt } from 'vitest';
import { workerMetrics } from '../../apps/worker/src/worker-metrics.js';
import { root } from '../docs/pages.js';
import { type HttpPool, it } from '../support/http.js';
import { until } from '../support/pool-test.js';
import { promtool } from '../support/prometheus/program.js';
import { PrometheusOfTest } from '../support/prometheus/server.js';

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const rules = join(root, 'deploy/prometheus/rules.yaml');
const dashboard = JSON.parse(readFileSync(join(root, 'deploy/grafana/shunt.json'), 'utf8')) as { panels: Panel[] };
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

describe('deploy/prometheus', () => {
  plainIt('has good rules, which fire when they should and only then', async () => {
    const checked = await promtool('check', 'rules', rules);
    expect(checked, checked.output).toMatchObject({ code: 0 });
    const tested = await promtool('test', 'rules', join(root, 'deploy/prometheus/rules.test.yaml'));
    expect(tested, tested.output).toMatchObject({ code: 0 });
  });

  plainIt('has a configuration that Prometheus takes', async () => {
    const checked = await promtool('check', 'config', join(root, 'deploy/prometheus/prometheus.yaml'));
    expect(checked, checked.output).toMatchObject({ code: 0 });
  });
});

/** A worker with its metrics on a port of its own. Resolves to that. */
async function worker(pool: HttpPool, id: string) {
  const one = pool.serve(
    {
      chat: () => 1,
      bad: () => {
        throw new Terminal('no');
      },
    },
    { id },
  );
  const lane = pool.keys.lane(id, 'prioritized');
  const registry = workerMetrics(one, () => pool.redis.zcard(lane));
  return startProbes('127.0.0.1', 0, { notReady: () => null, metrics: () => registry.metrics() });
}

/** Metrics that no panel shows: who tries a strategy in the shadow asks for it by itself. */
const unshown = new Set(['shunt_shadow_decisions_total']);

plainIt('the dashboard shows every metric that docs/operations.md names', () => {
  const told = readFileSync(join(root, 'docs/operations.md'), 'utf8').match(/^\| `shunt_.*? \|/gm) ?? [];
  const names = told.flatMap((cell) => cell.match(/shunt_\w+/g) ?? []);
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => !unshown.has(name) && !queries.some(({ expr }) => expr.includes(name)))).toEqual([]);
});

const addressOf = (url: string) => new URL(url).host;

describe('a real Prometheus that scrapes a pool', () => {
  it('answers every query of the dashboard and every rule', async ({ pool }) => {
    const api = await pool.boot();
    const probes = await Promise.all(['w1', 'w2'].map((id) => worker(pool, id)));
    const client = pool.client();
    const send = (n: number) => client.enqueue(n % 10 === 0 ? 'bad' : 'chat', n, { agentId: `a${n % 7}` });
    const prometheus = await PrometheusOfTest.start(
      {
        'shunt-dispatcher': [addressOf(api.url)],
        'shunt-worker': await Promise.all(probes.map(async (probe) => addressOf(await probe.getUrl()))),
      },
      [rules],
    );
    const finished = `sum(rate(shunt_tasks_finished_total{pool="${pool.pool}"}[1m]))`;
    // A rate takes two scrapes of each process.
    const scrapedTwice = 'count(sum_over_time(up[1m]) > 1)';
    const figure = async (expr: string) => (await prometheus.query(expr))[0]?.value ?? 0;
    let sent = 0;
    const sendMore = () => Promise.all(Array.from({ length: 20 }, () => send(sent++)));
    await until(async () => {
      await sendMore();
      return (await figure(finished)) > 0 && (await figure(scrapedTwice)) > probes.length;
    });
    const answered = async (expr: string) => {
      const asked = expr.replaceAll('$pool', pool.pool).replaceAll('$__rate_interval', '1m');
      const samples = await prometheus.query(asked);
      return samples.length > 0 && samples.some(({ value }) => !Number.isNaN(value));
    };
    /** Those that are not answered yet: what was scraped once is in no rate. */
    const unanswered = async () => {
      await sendMore();
      const isAnswered = await Promise.all(queries.map(({ expr }) => answered(expr)));
      return queries.filter((_, nth) => !isAnswered[nth]).map(({ title, expr }) => `${title}: ${expr}`);
    };
    await expect.poll(unanswered, { timeout: 60_000, interval: 500 }).toEqual([]);
    expect(queries.length).toBeGreaterThan(30);
    const ofMachines = await prometheus.query('group by (__name__) ({__name__=~"shunt_host_.+"})');
    const names = ofMachines.map(({ metric: { __name__ = '' } }) => __name__);
    expect(names).toContain('shunt_host_disk_bytes');
    expect(names.filter((name) => !queries.some(({ expr }) => expr.includes(name)))).toEqual([]);

    await until(async () => (await prometheus.rules()).every(({ health }) => health !== 'unknown'));
    const found = await prometheus.rules();
    expect(found.filter(({ health }) => health !== 'ok')).toEqual([]);
    const named = new Set(found.flatMap(({ query }) => query.match(/(?<!:)\bshunt_\w+/g) ?? []));
    const unknown: string[] = [];
    for (const name of named) if (!(await answered(`count(${name})`))) unknown.push(name);
    expect(unknown).toEqual([]);

    await prometheus.stop();
    for (const probe of probes) await probe.close();
  });
});
