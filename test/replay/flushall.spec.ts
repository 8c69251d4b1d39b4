import { connect } from '@shunt/sdk';
import { expect, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { Run } from '../support/harness/run.js';
import type { HistoryEvent } from '../support/history/events.js';
import { until } from '../support/pool-test.js';
import { startTestRedis } from '../support/redis.js';
import { refusalOf } from '../support/refusal.js';
import { readScrape } from '../support/scrape.js';

const agents = 24;
const each = 10;
const workers = ['w1', 'w2', 'w3'];

/** So many tasks of each agent, one after the other. Resolves to their ids. */
async function submit(run: Run, from: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < agents * each; n++) {
    const agentId = `agent-${n % agents}`;
    await run.submit({ n: from + n, agentId, costMs: 30, failures: 0 });
    ids.push(`${agentId}~t${from + n}`);
  }
  return ids;
}

/** How many dispatchers have told that the data set was lost. */
async function toldLost(run: Run): Promise<number> {
  const texts = ['d1', 'd2'].map((name) => fetch(`${run.endpointOf(name)}/metrics`).then((reply) => reply.text()));
  const told = (await Promise.all(texts)).map(
    (text) => readScrape(text).get(`shunt_data_sets_lost_total{pool="${run.pool}"}`) ?? 0,
  );
  return told.reduce((sum, count) => sum + count, 0);
}

const startsOf = (history: readonly HistoryEvent[], ids: ReadonlySet<string>) =>
  history.flatMap((event) => (event.e === 'start' && ids.has(event.task) ? [event] : []));

it('FLUSHALL under load is told, loses what was there and no more, and fences go on growing', async () => {
  const server = await startTestRedis();
  const timing = { heartbeat: '200ms', lease: '2s' };
  const run = await Run.start({ redisUrl: server.url, workers: 3, dispatchers: 2, slots: 4, timing, hasEffects: true });
  const client = connect({ redis: server.url, pool: run.pool });
  const dataSet = () => run.redis.hget(run.keys.of('leader'), 'dataSet');
  const before = new Set(await submit(run, 0));
  await until(() => run.settled >= agents);
  const marker = await dataSet();
  expect(run.settled).toBeLessThan(before.size);

  run.fault('redis FLUSHALL', 'all keys');
  await run.redis.flushall();
  await until(async () => (await toldLost(run)) === 2);
  expect(await dataSet()).not.toBe(marker);
  await until(async () => (await run.redis.hkeys(run.keys.of('routable'))).sort().join() === workers.join());
  const refusals = [...before].map((id) => refusalOf(() => client.task(id).result()));
  expect(new Set((await Promise.all(refusals)).map(({ code }) => code))).toEqual(new Set(['NOT_FOUND']));

  const settledBefore = run.settled;
  const after = new Set(await submit(run, 10_000));
  await run.untilSettled(settledBefore + after.size);
  client.close();
  const history = await run.finish();
  await server.stop();

  const ended = new Set(history.flatMap((event) => (event.e === 'terminal' ? [event.task] : [])));
  expect([...after].filter((id) => !ended.has(id))).toEqual([]);
  expect(startsOf(history, after).length).toBe(after.size);
  const fences = (ids: ReadonlySet<string>, agent: string) =>
    startsOf(history, ids).flatMap((start) => (start.agent === agent ? [start.fence] : []));
  for (let n = 0; n < agents; n++) {
    const highest = Math.max(...fences(before, `agent-${n}`));
    expect(Math.min(...fences(after, `agent-${n}`))).toBeGreaterThan(highest);
  }
  const rules = ['phantom', 'duplicate', 'fence', 'effect', 'leader', 'conservation'] as const;
  const whole = check(history, { rules });
  expect(whole.violations, formatReport(whole)).toEqual([]);
  const isLater = (event: HistoryEvent) => !('task' in event) || after.has(event.task);
  const later = check(history.filter(isLater), { rules: ['loss', 'overlap', 'order'] });
  expect(later.violations, formatReport(later)).toEqual([]);
}, 300_000);
