import { strategies } from '@shunt/balancing';
import { seededRandom, zipfSampler } from '@shunt/workload';
import { expect, inject, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { overtakers } from '../support/harness/call-order.js';
import { Run } from '../support/harness/run.js';
import { switchStrategy } from '../support/switch-strategy.js';

const windows = 2 * Object.keys(strategies).length;
const windowTasks = 250;

it('loses and reorders nothing, and every agent keeps its home, while the strategy is switched under load', async () => {
  const run = await Run.start({ redisUrl: inject('redisUrl'), dispatchers: 2, slots: 4 });
  const rank = zipfSampler({ agents: 300, capShare: 0.03 }, seededRandom(8));
  /** Each fifth task is of an agent that comes up in its window only, so that every strategy has to place some. */
  const agentOf = (n: number) => (n % 5 === 0 ? `new-${Math.floor(n / 25)}` : `agent-${rank()}`);
  const submit = (n: number) =>
    run.submit({ n, agentId: agentOf(n), costMs: 2, failures: 0, options: { attempts: 2, affinity: 'strict' } });
  for (let window = 0; window < windows; window++) {
    const calls = Array.from({ length: windowTasks }, (_, nth) => submit(window * windowTasks + nth));
    await run.untilSettled(run.settled + windowTasks / 5);
    await switchStrategy(run, window);
    await Promise.all(calls);
  }
  await run.untilSettled();
  const history = await run.finish();
  const result = check(history);
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(overtakers(history)).toEqual([]);
  const tasks = windows * windowTasks;
  expect(result.stats).toMatchObject({
    acceptedTasks: tasks,
    starts: tasks,
    terminals: { completed: tasks, failed: 0 },
  });
  const { followUps } = result.stats;
  expect(result.stats).toMatchObject({ followUpsOnHome: followUps, warmStarts: followUps });
}, 120_000);
