import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from './check.js';
import { legalHistory } from './legal-history.js';
import { formatReport } from './report.js';

const anyRun = fc.record({
  seed: fc.integer(),
  tasks: fc.integer({ min: 0, max: 150 }),
  agents: fc.integer({ min: 1, max: 12 }),
  workers: fc.integer({ min: 2, max: 5 }),
  failShare: fc.constantFrom(0, 0.1, 0.5),
  hasOddTasks: fc.boolean(),
  hasMoves: fc.boolean(),
  hasFaults: fc.boolean(),
});

describe('check', () => {
  it('raises no alarm on legal histories', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const result = check(legalHistory(run));
        expect(result.violations, formatReport(result)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('raises no alarm on a legal history cut short anywhere', () => {
    fc.assert(
      fc.property(anyRun, fc.double({ min: 0, max: 1, noNaN: true }), (run, share) => {
        const whole = legalHistory({ ...run, hasFaults: false, hasMoves: false });
        const result = check(whole.slice(0, Math.floor(whole.length * share)), {
          isComplete: false,
          rules: ['loss', 'phantom', 'duplicate', 'overlap', 'order', 'conservation'],
        });
        expect(result.violations, formatReport(result)).toEqual([]);
      }),
    );
  });

  it('does not depend on the order in which it is given the events', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        const history = legalHistory(run);
        expect(check([...history].reverse())).toEqual(check(history));
      }),
    );
  });

  it('counts what the history holds', () => {
    const { stats } = check(legalHistory({ seed: 1, tasks: 300, agents: 10, workers: 3 }));
    expect(stats).toMatchObject({ submittedTasks: 300, acceptedTasks: 300, starts: 300, agents: 10, faults: 0 });
    expect(stats).toMatchObject({ followUps: 290, followUpsOnHome: 290, assignments: { new: 10 } });
    expect(stats.terminals).toEqual({ completed: 300, failed: 0, cancelled: 0, expired: 0 });
  });

  it('makes histories that show what they are made to show', () => {
    const run = { seed: 3, tasks: 4_000, agents: 20, workers: 4, failShare: 0.2 };
    const { stats } = check(legalHistory({ ...run, hasOddTasks: true, hasMoves: true, hasFaults: true }));
    expect(stats.faults).toBe(10);
    expect(stats.followUpsOnHome).toBeLessThan(stats.followUps);
    expect(stats.starts).toBeGreaterThan(stats.acceptedTasks);
    expect(Math.min(...Object.values(stats.terminals))).toBeGreaterThan(0);
    expect(Object.keys(stats.assignments).sort()).toEqual(expect.arrayContaining(['dead', 'idle-pull', 'new']));
  });

  it('applies the chosen rules only', () => {
    expect(check([], { rules: ['loss'] })).toMatchObject({ violations: [], rules: ['loss'] });
    expect(check([]).violations.map(({ rule }) => rule)).toEqual(['conservation']);
  });

  it('takes time in proportion to the history', () => {
    const run = { seed: 3, agents: 50, workers: 4, hasMoves: true, failShare: 0.1 };
    const small = legalHistory({ ...run, tasks: 4_000 });
    const large = legalHistory({ ...run, tasks: 32_000 });
    check(small);
    const growth = cpuUs(() => check(large)) / cpuUs(() => check(small));
    expect(growth).toBeLessThan((4 * large.length) / small.length);
  });
});

function cpuUs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user;
}
