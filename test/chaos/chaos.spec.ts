import { expect, it } from 'vitest';
import { runChaos } from '../support/chaos/chaos.js';
import { nemeses } from '../support/chaos/nemeses.js';
import { summaryOf } from '../support/chaos/summary.js';
import { formatReport } from '../support/checker/report.js';

/** The short form of `npm run chaos`: every nemesis once. */
it('loses, overlaps and reorders nothing while everything is broken once: workers, dispatchers, Redis, network', async () => {
  const failures: string[] = [];
  const result = await runChaos({
    ...{ seed: 11, durationMs: 0, gapMs: [300, 900], workers: 6, dispatchers: 2, agents: 64 },
    onStrike: ({ nemesis, victim }, failure) => {
      if (failure !== undefined) failures.push(`${nemesis.name}: ${victim}: ${failure.message}`);
    },
  });
  console.log(`Under chaos\n${summaryOf(result)}`);
  expect(failures).toEqual([]);
  expect(result.check.violations, formatReport(result.check)).toEqual([]);
  const shown = new Set(result.strikes.map(({ nemesis }) => nemesis.name));
  const short = nemeses.filter(({ isLong }) => !isLong);
  expect([...shown].sort()).toEqual(short.map(({ name }) => name).sort());
  expect(result.check.stats.acceptedTasks).toBeGreaterThan(100);
}, 300_000);
