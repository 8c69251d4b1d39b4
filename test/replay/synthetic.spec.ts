import { seededRandom, zipfSampler } from '@shunt/workload';
import { expect, inject, it } from 'vitest';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { overtakers } from '../support/harness/call-order.js';
import { figuresOf, printFigures } from '../support/harness/figures.js';
import { Run } from '../support/harness/run.js';

const tasks = 50_000;
const agents = 1000;
/** Each retry idles its agent for the backoff: an agent of 13 % of the tasks, Zipf's first, would alone need a minute. */
const capShare = 0.03;
/** Tasks on their way at once: a window is answered before the next one is sent, so that the order rule binds them. */
const windowTasks = 250;

it('50,000 tasks of Zipf agents, a tenth failing once, run in order, one at a time, at home, and none is lost', async () => {
  const run = await Run.start({ redisUrl: inject('redisUrl'), dispatchers: 2, slots: 16 });
  const random = seededRandom(50);
  const rank = zipfSampler({ agents, capShare }, random);
  for (let n = 0; n < tasks; n += windowTasks) {
    const window = Array.from({ length: windowTasks }, (_, nth) => {
      const failures = random() < 0.1 ? 1 : 0;
      const options = { attempts: 2, backoff: 50, affinity: 'strict' } as const;
      return run.submit({ n: n + nth, agentId: `agent-${rank()}`, costMs: 0, failures, options });
    });
    await Promise.all(window);
  }
  await run.untilSettled();
  const history = await run.finish();
  const result = check(history);
  printFigures('Synthetic tasks', [figuresOf('zipf 1.0, 10 % fail once', history, result)]);
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(overtakers(history)).toEqual([]);
  expect(result.stats).toMatchObject({ acceptedTasks: tasks, terminals: { completed: tasks, failed: 0 } });
  expect(result.stats.starts).toBeGreaterThan(tasks * 1.08);
  const { followUps } = result.stats;
  expect(result.stats).toMatchObject({ followUpsOnHome: followUps, warmStarts: followUps });
}, 180_000);
