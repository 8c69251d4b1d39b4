import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leaderOf } from '../support/chaos/leader.js';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { Run } from '../support/harness/run.js';
import { until } from '../support/pool-test.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const agents = 4000;
const windowTasks = 200;
const dispatchers = ['d1', 'd2'];

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());

/** A task of each agent. */
async function oneEach(run: Run, from: number): Promise<void> {
  for (let n = 0; n < agents; n += windowTasks) {
    const window = Array.from({ length: windowTasks }, (_, nth) =>
      run.submit({ n: from + n + nth, agentId: `agent-${n + nth}`, costMs: 0, failures: 0 }),
    );
    await Promise.all(window);
  }
}

/** A run whose one worker stands still with a task of each agent in its lane. */
async function fullLane(): Promise<Run> {
  const timing = { heartbeat: '500ms', lease: '6s' };
  const run = await Run.start({ redisUrl: server.url, workers: 1, dispatchers: 2, timing, stalledMs: 60_000 });
  await oneEach(run, 0);
  await run.untilSettled();
  run.fault('worker stopped', 'w1', 'w1');
  run.processes.signal('w1', 'SIGSTOP');
  await oneEach(run, agents);
  return run;
}

/** Stops the leader in the middle of the eviction. Resolves to its name. */
async function stopInTheMiddle(run: Run): Promise<string> {
  const { name } = await leaderOf({ run, dispatchers });
  while ((await run.redis.hexists(run.keys.of('routable'), 'w1')) === 1) await sleep(1);
  run.fault('leader stopped', name);
  run.processes.signal(name, 'SIGSTOP');
  return name;
}

/** How many tasks wait in the lane and in the yard, and how many of them in one alone. */
async function waiting(run: Run): Promise<{ lane: number; yard: number; distinct: number }> {
  const look = run.redis.multi().zrange(run.keys.lane('w1', 'prioritized'), '0', '-1');
  const replies = (await look.zrange(run.keys.of('yard'), '0', '-1').exec()) ?? [];
  const [lane = [], yard = []] = replies.map(([, ids]) => ids as string[]);
  return { lane: lane.length, yard: yard.length, distinct: new Set([...lane, ...yard]).size };
}

async function finish(run: Run): Promise<void> {
  await run.untilSettled();
  await run.processes.end('w1', 'SIGKILL');
  const result = check(await run.finish());
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(result.stats).toMatchObject({ acceptedTasks: 2 * agents, starts: 2 * agents });
}

describe('a leader in the middle of an eviction', () => {
  it('is killed: each task is in one list, and another leader goes on', async () => {
    const run = await fullLane();
    const leader = await stopInTheMiddle(run);
    const found = await waiting(run);
    expect(found.lane).toBeGreaterThan(0);
    expect(found.yard).toBeGreaterThan(0);
    expect([found.lane + found.yard, found.distinct]).toEqual([agents, agents]);
    await run.processes.end(leader, 'SIGKILL');
    await run.startWorker('w2');
    await finish(run);
  }, 180_000);

  it('stands still until another has ended it, and goes on: its next batch is refused', async () => {
    const run = await fullLane();
    const leader = await stopInTheMiddle(run);
    await run.startWorker('w2');
    await until(async () => (await run.redis.hexists(run.keys.of('incarnations'), 'w1')) === 0);
    run.processes.signal(leader, 'SIGCONT');
    await finish(run);
  }, 180_000);
});
