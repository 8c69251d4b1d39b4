import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { countCommands } from '../support/harness/command-counts.js';
import { percentile, printFigures, waitsMs } from '../support/harness/figures.js';
import { Run } from '../support/harness/run.js';
import type { HistoryEvent } from '../support/history/events.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const big = 'big';
const otherAgents = 1000;
const turns = 4;
const others = otherAgents * turns;

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(async () => {
  await server.stop();
});

/** Runs the other agents' turns beside an agent with so many tasks, of which it runs what it gets to meanwhile. */
async function beside(bigTasks: number) {
  const run = await Run.start({ redisUrl: server.url });
  let n = 0;
  const window = (size: number, agentOf: (nth: number) => string) =>
    Promise.all(
      Array.from({ length: size }, (_, nth) => run.submit({ n: n++, agentId: agentOf(nth), costMs: 2, failures: 0 })),
    );
  while (n < bigTasks) await window(Math.min(1000, bigTasks - n), () => big);
  const settledOthers = () => run.settled - run.settledBy(big);
  const settledBefore = run.settled;
  const { calls, us } = await countCommands(run.redis, async () => {
    for (let first = 0; first < others; first += 50) {
      await window(50, (nth) => `agent-${(first + nth) % otherAgents}`);
      await sleep(50);
    }
    await run.untilSettled(others, settledOthers);
  });
  const settled = run.settled - settledBefore;
  const bigLeft = bigTasks - run.settledBy(big);
  const history = await run.finish();
  return { history, settled, bigLeft, commandsPerTask: calls / settled, usPerTask: us / settled };
}

/** The waits of the other agents' tasks. */
function otherWaitsMs(history: readonly HistoryEvent[]): number[] {
  return [...waitsMs(history)].filter(([task]) => !task.startsWith(`${big}~`)).map(([, wait]) => wait);
}

/** For each task of the others, how many of the big agent's started between its submit and its start. */
function bigStartsWithinWaits(history: readonly HistoryEvent[]): number[] {
  const before = new Map<string, number>();
  const within: number[] = [];
  let bigStarts = 0;
  for (const event of history) {
    if (event.e === 'submit' && event.agent !== big) before.set(event.task, bigStarts);
    if (event.e !== 'start') continue;
    if (event.agent === big) bigStarts++;
    else within.push(bigStarts - (before.get(event.task) ?? 0));
  }
  return within;
}

/** What holds although the run ends before the big agent does. */
const rules = ['phantom', 'duplicate', 'overlap', 'order', 'home', 'fence'] as const;

it('a mailbox of 100,000 tasks makes nobody else wait for it and no step dearer', async () => {
  const runs = [];
  for (const bigTasks of [0, 100_000]) {
    const ran = await beside(bigTasks);
    const waits = otherWaitsMs(ran.history);
    runs.push({
      ...ran,
      figures: {
        mailbox: bigTasks,
        'left of it': ran.bigLeft,
        'other tasks': waits.length,
        'wait p50 ms': percentile(waits, 0.5),
        'wait p99 ms': percentile(waits, 0.99),
        'of the mailbox started meanwhile, most': percentile(bigStartsWithinWaits(ran.history), 1),
        'Redis commands per task': ran.commandsPerTask,
        'Redis us per task': ran.usPerTask,
      },
    });
  }
  printFigures(
    'One long mailbox beside 1,000 other agents',
    runs.map(({ figures }) => figures),
  );
  const [control, loaded] = runs as [(typeof runs)[0], (typeof runs)[0]];
  for (const { history } of runs) {
    const result = check(history, { isComplete: false, rules });
    expect(result.violations, formatReport(result)).toEqual([]);
    expect(otherWaitsMs(history)).toHaveLength(others);
  }
  expect(loaded.bigLeft).toBeGreaterThan(50_000);
  expect(percentile(bigStartsWithinWaits(loaded.history), 1)).toBeLessThan(1000);
  expect(loaded.commandsPerTask).toBeLessThan(1.2 * control.commandsPerTask);
}, 240_000);
