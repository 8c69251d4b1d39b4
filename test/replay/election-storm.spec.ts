import { expect, inject, it } from 'vitest';
import { storm } from '../support/chaos/nemeses/election-storm.js';
import { check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { Run } from '../support/harness/run.js';

const dispatchers = ['d1', 'd2', 'd3', 'd4', 'd5'];
const leaseMs = 2000;
const storms = 2;

it('leaders that die one after the other while four others ask at once follow each other term by term', async () => {
  const timing = { heartbeat: '200ms', lease: `${leaseMs}ms` };
  const shape = { workers: 3, dispatchers: dispatchers.length, slots: 4, timing };
  const run = await Run.start({ redisUrl: inject('redisUrl'), ...shape });
  const terms: number[] = [];
  const contenders: number[] = [];
  for (let round = 0; round < storms; round++) {
    // New agents and a dead worker: something to place and somebody to evict under each term.
    const dead = `w${1 + (round % 3)}`;
    for (let n = 0; n < 40; n++)
      await run.submit({ n: 40 * round + n, agentId: `agent-${round % 2}-${n}`, costMs: 100, failures: 0 });
    run.fault('worker kill', dead, dead);
    await run.processes.end(dead, 'SIGKILL');
    const ended = await storm({ run, dispatchers, leaseMs });
    terms.push(Number(ended.term));
    contenders.push(ended.contenders);
    await run.startWorker(dead);
  }
  await run.untilSettled();
  const history = await run.finish();
  const result = check(history);
  expect(result.violations, formatReport(result)).toEqual([]);
  expect(Math.min(...contenders)).toBeGreaterThanOrEqual(3);
  const told = history.flatMap((event) => (event.e === 'leader' ? [event.term] : []));
  expect(told).toEqual(expect.arrayContaining(terms));
  expect(new Set(told).size).toBe(told.length);
  expect(told).toEqual([...told].sort((left, right) => left - right));
  const evicted = history.filter((event) => event.e === 'worker' && event.state === 'evicted');
  expect(evicted.length).toBeGreaterThan(0);
  expect(result.stats.terminals.completed).toBe(40 * storms);
}, 300_000);
