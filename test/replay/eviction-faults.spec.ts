import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilStopped } from '../support/chaos/evidence.js';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { Run } from '../support/harness/run.js';
import { Signal } from '../support/pool.js';
import { until } from '../support/pool-test.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const agents = 1000;
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

/** A run whose one worker has had a task of each agent. */
async function served(): Promise<Run> {
  const timing = { heartbeat: '500ms', lease: '6s' };
  const options = { redisUrl: server.url, workers: 1, dispatchers: 2, timing, stalledMs: 60_000, hasLines: true };
  const run = await Run.start(options);
  await oneEach(run, 0);
  await run.untilSettled();
  return run;
}

/** Resolves to the dispatcher whose third batch of an eviction is held on its way to Redis, the first to come so far. */
async function heldInTheMiddle(run: Run): Promise<string> {
  const held = new Signal<string>();
  for (const name of dispatchers) {
    let batches = 0;
    const isHeldFrom = (chunk: Buffer) => {
      if (!chunk.includes('_evict\r\n') || ++batches < 3) return false;
      held.resolve(name);
      return true;
    };
    (await run.lines.of(name)).become({ requests: { isHeldFrom } });
  }
  const leader = await held.seen;
  for (const name of dispatchers) if (name !== leader) (await run.lines.of(name)).unblock();
  return leader;
}

/** Stops the worker, gives it a task of each agent, and stops the leader in the middle of its eviction. Resolves to the leader. */
async function stopInTheMiddle(run: Run): Promise<string> {
  const held = heldInTheMiddle(run);
  run.fault('worker stopped', 'w1', 'w1');
  run.processes.signal('w1', 'SIGSTOP');
  const [leader] = await Promise.all([held, oneEach(run, agents)]);
  run.fault('leader stopped', leader);
  run.processes.signal(leader, 'SIGSTOP');
  await untilStopped(run.processes.pidOf(leader));
  await until(async () => (await run.redis.exists(run.keys.of('wait'))) === 0);
  return leader;
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
    const run = await served();
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
    const run = await served();
    const leader = await stopInTheMiddle(run);
    await run.startWorker('w2');
    await until(async () => (await run.redis.hexists(run.keys.of('incarnations'), 'w1')) === 0);
    (await run.lines.of(leader)).unblock();
    run.processes.signal(leader, 'SIGCONT');
    await finish(run);
  }, 180_000);
});
