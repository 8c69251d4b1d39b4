import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@shunt/workload';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { figuresOf, printFigures } from '../support/harness/figures.js';
import { Run } from '../support/harness/run.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const seconds = Number(process.env.CHAOS_SECONDS ?? 25);
const agents = 64;
const timing = { heartbeat: '400ms', lease: '2s' };
/** Longer than the lease and the margin, so that what a frozen process held is given to others. */
const freezeMs = 4000;

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());

/** Strikes one process after the other, each gone or frozen for a while, until the time is over. */
async function torment(run: Run, workers: readonly string[]): Promise<number> {
  const random = seededRandom(11);
  const pick = (names: readonly string[]) => names[Math.floor(random() * names.length)] ?? '';
  const strikes = [
    async () => {
      const worker = pick(workers);
      await run.kill(worker);
      await sleep(random() < 0.5 ? 0 : freezeMs);
      await run.startWorker(worker);
    },
    () => run.freeze(pick(workers), freezeMs),
    async () => {
      const dispatcher = pick(['d1', 'd2']);
      await run.kill(dispatcher);
      await run.startDispatcher(dispatcher);
    },
    () => run.freeze(pick(['d1', 'd2']), freezeMs),
  ];
  let faults = 0;
  for (const endMs = performance.now() + seconds * 1000; performance.now() < endMs; faults++) {
    await strikes[faults % strikes.length]?.();
    await sleep(300);
  }
  return faults;
}

it('loses nothing, and overlaps and reorders nothing but beyond a fence, while processes are killed and frozen', async () => {
  const workers = ['w1', 'w2', 'w3', 'w4'];
  const run = await Run.start({ redisUrl: server.url, workers: workers.length, dispatchers: 2, slots: 4, timing });
  let isOver = false;
  let n = 0;
  const producing = (async () => {
    while (!isOver) {
      const agentId = `agent-${n % agents}`;
      await run.submit({ n: n++, agentId, costMs: (n * 7) % 120, failures: 0, options: { attempts: 3 } });
      await sleep(10);
    }
  })();
  const faults = await torment(run, workers);
  isOver = true;
  await producing;
  await run.untilSettled();
  const history = await run.finish();
  const result = check(history);
  printFigures('Under chaos', [{ ...figuresOf(`${seconds} s`, history, result), faults }]);
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(result.stats).toMatchObject({ submittedTasks: n, acceptedTasks: n });
  expect(faults).toBeGreaterThan(3);
}, 3_000_000);
