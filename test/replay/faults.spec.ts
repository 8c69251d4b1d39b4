import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom, zipfSampler } from '@shunt/workload';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { overtakers } from '../support/harness/call-order.js';
import { figuresOf, printFigures } from '../support/harness/figures.js';
import { Run } from '../support/harness/run.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const tasks = 5000;
const agents = 200;
const windowTasks = 50;
/** No life ends while it is kept from its heartbeats, however slow the machine: a task that starts twice does so by a mistake. */
const timing = { heartbeat: '500ms', lease: '3m' };

/** A server of its own: the faults hit every client of it. */
let server: TestRedis;
let proxy: FaultProxy;
beforeAll(async () => {
  server = await startTestRedis();
  proxy = await FaultProxy.open(server.url);
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});

/** Injects one fault after the other until stopped. Resolves to how many clients were killed. */
async function torment(run: Run, isOver: () => boolean): Promise<number> {
  let killed = 0;
  for (let round = 1; !isOver(); round++) {
    run.fault('script flush', `round ${round}`);
    await run.redis.script('FLUSH');
    await run.redis.function('FLUSH');
    if (round % 5 === 0) {
      run.fault('lost replies', `round ${round}`);
      proxy.loseReplies();
    }
    if (round % 12 === 0) {
      run.fault('client kill', `round ${round}`);
      killed += Number(await run.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'));
    }
    await sleep(50);
  }
  return killed;
}

it('loses, repeats and reorders nothing while replies are lost, connections killed and scripts flushed', async () => {
  const run = await Run.start({ redisUrl: server.url, faultyUrl: proxy.url, dispatchers: 2, slots: 4, timing });
  const rank = zipfSampler({ agents }, seededRandom(7));
  let isOver = false;
  const tormented = torment(run, () => isOver);
  for (let n = 0; n < tasks; n += windowTasks) {
    const window = Array.from({ length: windowTasks }, (_, nth) =>
      run.submit({ n: n + nth, agentId: `agent-${rank()}`, costMs: nth % 4, failures: 0 }),
    );
    await Promise.all(window);
  }
  await run.untilSettled(0.9 * tasks);
  isOver = true;
  const killed = await tormented;
  await run.untilSettled();
  const history = await run.finish();
  const result = check(history);
  printFigures('Under faults', [
    { ...figuresOf('5,000 tasks', history, result), faults: result.stats.faults, killed, 'lost replies': proxy.lost },
  ]);
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(overtakers(history)).toEqual([]);
  expect(result.stats).toMatchObject({ submittedTasks: tasks, acceptedTasks: tasks, starts: tasks });
  expect(killed).toBeGreaterThan(10);
  expect(proxy.lost).toBeGreaterThan(10);
}, 180_000);
