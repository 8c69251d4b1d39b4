import { fileURLToPath } from 'node:url';
import { loadTrace } from '@shunt/workload';
import { expect, inject, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { overtakers } from '../support/harness/call-order.js';
import { figuresOf, printFigures } from '../support/harness/figures.js';
import { atTimes } from '../support/harness/open-loop.js';
import { Run } from '../support/harness/run.js';

const trace = fileURLToPath(new URL('../../traces/mooncake-conversation.csv.gz', import.meta.url));
/** An hour in a minute. */
const speed = 59;
const workers = 4;
const slots = 8;
/** Load of the trace in busy workers, and the share of the slots it shall keep busy here. */
const offeredLoad = 1.1;
const utilisation = 0.6;
/** Without, an idle worker takes what waited for a busy home. */
const options = { affinity: 'strict' } as const;
const costScale = (utilisation * workers * slots) / offeredLoad / speed;

it('an hour of production chat in a minute: nothing lost, overlapped or overtaken, every follow-up at home', async () => {
  const tasks = await loadTrace(trace);
  const run = await Run.start({ redisUrl: inject('redisUrl'), workers, slots, dispatchers: 2 });
  await atTimes(
    tasks,
    ({ tMs }) => tMs / speed,
    ({ agent, costMs }, n) =>
      run.submit({ n, agentId: agent, costMs: Math.max(1, Math.round(costMs * costScale)), failures: 0, options }),
  );
  await run.untilSettled();
  const history = await run.finish();
  const result = check(history);
  printFigures('Mooncake conversation trace', [figuresOf(`x ${speed}, load ${utilisation}`, history, result)]);
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(overtakers(history)).toEqual([]);
  expect(result.stats).toMatchObject({ acceptedTasks: tasks.length, starts: tasks.length });
  const { followUps } = result.stats;
  expect(followUps).toBe(tasks.length - new Set(tasks.map(({ agent }) => agent)).size);
  expect(result.stats).toMatchObject({ followUpsOnHome: followUps, warmStarts: followUps });
}, 180_000);
