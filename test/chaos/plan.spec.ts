import { describe, expect, it } from 'vitest';
import { chaosProgram, commandOf, type Given } from '../support/chaos/given.js';
import { nemeses } from '../support/chaos/nemeses.js';
import type { Nemesis } from '../support/chaos/nemesis.js';
import { type PlanOptions, plan } from '../support/chaos/plan.js';

const workers = ['w1', 'w2', 'w3', 'w4', 'w5', 'w6'];
const options: PlanOptions = {
  ...{ seed: 1, nemeses, durationMs: 30 * 60_000, gapMs: [3000, 5000], leaseMs: 2000, workers },
  dispatchers: ['d1', 'd2'],
};
const endMs = (strike: ReturnType<typeof plan>[number]) => strike.atMs + strike.nemesis.leases * options.leaseMs;

describe('the schedule of a chaos run', () => {
  it('is the same for the same seed and another one for another', () => {
    const of = (seed: number) =>
      plan({ ...options, seed }).map(({ atMs, nemesis, victim }) => [atMs, nemesis.name, victim]);
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  it('strikes every 3 to 5 s, each nemesis about as often, a long one once', () => {
    const strikes = plan(options);
    const gaps = strikes.slice(1).map(({ atMs }, nth) => atMs - (strikes[nth]?.atMs ?? 0));
    expect(gaps.filter((gapMs) => gapMs < 3000 || gapMs > 5000)).toEqual([]);
    expect(strikes.length).toBeGreaterThan((30 * 60) / 5);
    const times = (nemesis: Nemesis) => strikes.filter((strike) => strike.nemesis === nemesis).length;
    expect(nemeses.filter(({ isLong }) => isLong).map(times)).toEqual([1]);
    const counts = nemeses.filter(({ isLong }) => !isLong).map(times);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(3);
    expect(Math.min(...counts)).toBeGreaterThan(5);
  });

  it('leaves a victim alone until it had time to mend, and half of the workers at any time', () => {
    const strikes = plan({ ...options, durationMs: 120_000, gapMs: [100, 500] });
    for (const strike of strikes) {
      const others = strikes.filter(
        (other) => other !== strike && other.atMs <= strike.atMs && endMs(other) > strike.atMs,
      );
      const busy = others.flatMap(({ struck }) => struck);
      expect(busy.filter((victim) => strike.struck.includes(victim))).toEqual([]);
      const isOne =
        strike.victim !== 'workers' && strike.nemesis.target !== 'dispatchers' && workers.includes(strike.victim);
      if (isOne) expect(busy.filter((victim) => workers.includes(victim)).length).toBeLessThan(3);
    }
  });

  it('of no length has each nemesis once', () => {
    const names = plan({ ...options, durationMs: 0 }).map(({ nemesis }) => nemesis.name);
    expect(names.sort()).toEqual(nemeses.map(({ name }) => name).sort());
  });
});

describe('the command that a failure prints', () => {
  it('says all that the run was told', () => {
    const told: Given = { minutes: 2.5, seed: 7, workers: 3, dispatchers: 1, agents: 9, only: 'network' };
    const [, flags = ''] = commandOf(told).split(' -- ');
    expect(chaosProgram().parse(flags.replaceAll("'", '').split(' '), { from: 'user' }).opts()).toEqual(told);
    expect(commandOf({ ...told, only: '' })).not.toContain('--only');
  });
});
