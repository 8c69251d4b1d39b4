import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';
import { followWish } from '../../apps/cli/src/scaling/follow-wish.js';
import { LocalProcesses } from '../../apps/cli/src/scaling/local-processes.js';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { commands } from '../support/e2e/commands.js';
import { Run } from '../support/harness/run.js';
import { until } from '../support/pool-test.js';

const start = commands();

it('shunt pools scale takes a pool from 2 workers to 4 and back under load, and no task is lost or out of order', async () => {
  const run = await Run.start({ redisUrl: inject('redisUrl'), workers: 2, slots: 4 });
  const processes = new LocalProcesses({
    start: (id) => run.startWorker(id),
    stop: async (id) => expect(await run.processes.end(id, 'SIGTERM')).toBe(0),
  });
  for (const id of ['w1', 'w2']) processes.note(id, true);
  const stopping = new AbortController();
  const failures: unknown[] = [];
  const following = followWish(run.redis, run.keys, processes, stopping.signal, (error) => failures.push(error));

  let isOver = false;
  let sent = 0;
  const traffic = (async () => {
    for (; !isOver; await sleep(7)) {
      const n = sent++;
      void run.submit({ n, agentId: `agent-${n % 60}`, costMs: 20, failures: 0, options: { attempts: 2 } });
    }
  })();
  const scale = async (to: number) => {
    const settled = run.settled;
    await until(() => run.settled > settled + 100);
    const env = { SHUNT_REDIS_URL: inject('redisUrl'), SHUNT_POOL: run.pool };
    const command = start(['node', 'dist/apps/cli/src/main.js', 'pools', 'scale', run.pool, '--to', `${to}`], { env });
    expect(await command.ended()).toBe(0);
    await until(async () => (await run.redis.hlen(run.keys.of('routable'))) === to);
    await until(async () => (await run.redis.hlen(run.keys.of('workers'))) === to);
  };
  await scale(4);
  await scale(2);
  isOver = true;
  await traffic;
  await run.untilSettled();
  stopping.abort();
  await following;
  const result = check(await run.finish());
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(result.stats.terminals.completed).toBe(sent);
  expect(failures).toEqual([]);
}, 120_000);
