import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bug, bugs, disturbAll } from '../support/broken/bugs.js';
import { BrokenBuild } from '../support/broken/build.js';
import { type CheckResult, check } from '../support/checker/check.js';
import { formatReport } from '../support/checker/report.js';
import { Run } from '../support/harness/run.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';

const agents = 12;
const rounds = 20;
const timing = { heartbeat: '250ms', lease: '1s' };

let server: TestRedis;
beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server.stop());

/** There is work for as long as it takes to disturb it, and a slot for who moves; the first task of each agent takes longer than the others. */
async function submitAll(run: Run, firstMs: number): Promise<void> {
  for (let n = 0; n < rounds * agents; n++) {
    const costMs = n < agents ? firstMs : 40;
    // By a plain producer, so that the scripts of the build take them to their agents, and not those of the test.
    await run.submit({ n, agentId: `agent-${n % agents}`, costMs, failures: 0, isPlain: true });
  }
}

/** What the checker says of a run of a build. */
async function verdictOn(
  { disturb, costMs = 400, withinMs = Number.POSITIVE_INFINITY }: Pick<Bug, 'disturb' | 'costMs' | 'withinMs'>,
  build: { readonly builtFolder?: string } = {},
): Promise<CheckResult> {
  const shape = {
    workers: 3,
    dispatchers: 2,
    slots: 8,
    timing,
    hasLines: true,
    hasEffects: true,
    stalledMs: 4000 + costMs,
  };
  const run = await Run.start({ redisUrl: server.url, ...shape, ...build });
  await submitAll(run, costMs);
  await disturb?.(run);
  await run.untilSettled();
  return check(await run.finish(), { withinUs: 1000 * withinMs });
}

describe('the harness', () => {
  it('is shown a broken build for every rule but the one about faults, which no build breaks', () => {
    const broken = bugs.flatMap(({ caughtBy }) => caughtBy);
    expect([...new Set([...broken, 'proof'])].sort()).toEqual([...check([]).rules].sort());
  });

  it.concurrent.each(bugs)('catches a build in which $name', async (bug) => {
    const build = new BrokenBuild(bug.patches);
    try {
      const result = await verdictOn(bug, { builtFolder: build.folder });
      const broken = [...new Set(result.violations.map(({ rule }) => rule))];
      expect(broken, formatReport(result)).toEqual(expect.arrayContaining([...bug.caughtBy]));
    } finally {
      build.remove();
    }
  });

  it('finds nothing in the sound build, whatever of this disturbs it', async () => {
    const result = await verdictOn({ disturb: disturbAll, costMs: 6000 });
    expect(result.violations, formatReport(result)).toEqual([]);
    expect(result.stats.acceptedTasks).toBeGreaterThanOrEqual(rounds * agents);
  });
});
