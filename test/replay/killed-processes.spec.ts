import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from '@shunt/sdk';
import { expect, inject, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { builtFolder } from '../support/harness/built.js';
import { callsAtOnce, nthTurn, type ProducerTask } from '../support/harness/producer-task.js';
import { Run } from '../support/harness/run.js';
import { turnName } from '../support/harness/worker-task.js';
import { until } from '../support/pool-test.js';

const timing = { heartbeat: '100ms', lease: '2s' };

it('a worker that is killed while it stops loses nothing', async () => {
  const run = await Run.start({ redisUrl: inject('redisUrl'), workers: 1, slots: 2, timing });
  const running = () => run.redis.hlen(run.keys.lane('w1', 'slots'));
  for (let n = 0; n < 6; n++)
    await run.submit({ n, agentId: `agent-${n % 2}`, costMs: n < 2 ? 10_000 : 0, failures: 0 });
  await until(async () => (await running()) === 2);
  run.processes.signal('w1', 'SIGTERM');
  await until(async () => (await run.redis.hexists(run.keys.of('routable'), 'w1')) === 0);
  expect(await running()).toBe(2);
  run.fault('worker killed while it stops', 'w1', 'w1');
  expect(await run.processes.end('w1', 'SIGKILL')).toBe('SIGKILL');
  await run.startWorker('w2');
  await run.untilSettled();
  const result = check(await run.finish());
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(result.stats).toMatchObject({ acceptedTasks: 6, starts: 8 });
});

/** Enqueues by a process of its own, which is killed in the middle. Resolves to how many of its calls it knows to be accepted. */
async function enqueueUntilKilled(told: ProducerTask): Promise<number> {
  const child = fork(join(builtFolder, 'test/support/harness/producer-process.js'), [JSON.stringify(told)]);
  let accepted = 0;
  child.on('message', (count: number) => {
    accepted = count;
    if (count >= 10 * callsAtOnce) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return accepted;
}

it('a client that is killed while it enqueues has enqueued each task once or not at all, and it may be repeated', async () => {
  const redisUrl = inject('redisUrl');
  const run = await Run.start({ redisUrl, workers: 2, timing });
  const accepted = await enqueueUntilKilled({ redisUrl, pool: run.pool });
  const client = connect({ redis: redisUrl, pool: run.pool });
  const again = Array.from({ length: accepted + callsAtOnce }, (_, n) => {
    const { id, agentId, turn } = nthTurn(n);
    return client.enqueue(turnName, turn, { id, agentId });
  });
  const handles = await Promise.all(again);
  expect(handles.slice(0, accepted).every(({ deduplicated }) => deduplicated)).toBe(true);
  await Promise.all(handles.map((handle) => handle.result()));
  await client.close();
  const started = (await run.finish()).flatMap((event) => (event.e === 'start' ? [event.task] : []));
  expect(started.length).toBe(accepted + callsAtOnce);
  expect(new Set(started).size).toBe(started.length);
});
