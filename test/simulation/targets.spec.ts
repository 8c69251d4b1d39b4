import { beforeAll, describe, expect, it } from 'vitest';
import { defaultPolicy, policies } from './policies/catalogue.js';
import type { PolicyEntry } from './policies/entry.js';
import { type Outcome, ScenarioRun } from './run-scenario.js';
import { type Scenario, scenarios } from './scenarios.js';
import { simulateShadows } from './simulate.js';
import { type Target, targets, targetsOfFirstSeed } from './targets.js';
import { loadTraces, type Traces } from './workload/traces.js';

/** Whether a run is as good as the default policy was. */
function isWithin({ waitRatio, relativeWarm }: Outcome, target: Target): boolean {
  return waitRatio <= target.waitRatio && relativeWarm >= target.relativeWarm;
}
const scenarioOf = (name: string) => scenarios.find((scenario) => scenario.name === name) as Scenario;
/** A steady scenario with fewer tasks. */
const shortOf = ({ workload, ...scenario }: Scenario, tasks: number): Scenario =>
  workload.kind === 'synthetic' && scenario.event === undefined
    ? { ...scenario, workload: { ...workload, shape: { ...workload.shape, tasks } } }
    : { ...scenario, workload };
const policyOf = (name: string) => policies.find((policy) => policy.name === name) as PolicyEntry;
/** The default policy, or another, in a scenario with one seed, beside the ideal. */
function outcomeOf(scenario: Scenario, policy = defaultPolicy, traces: Traces = {}): Outcome {
  const run = new ScenarioRun(scenario, 1, traces);
  return run.outcome(policy.name, run.simulate(policy.make()));
}

describe('the default policy, with one seed', () => {
  let traces: Traces;
  beforeAll(async () => {
    traces = await loadTraces(new URL('../../traces/', import.meta.url));
  });

  it.each(Object.entries(targetsOfFirstSeed))(
    'keeps tail and warm starts in %s, where sticky does not',
    (name, target) => {
      const run = new ScenarioRun(scenarioOf(name), 1, traces);
      const outcome = (policy: PolicyEntry) => run.outcome(policy.name, run.simulate(policy.make()));
      const { waitRatio, relativeWarm } = outcome(defaultPolicy);
      expect(waitRatio).toBeLessThanOrEqual(target.waitRatio);
      expect(relativeWarm).toBeGreaterThanOrEqual(target.relativeWarm);
      expect(isWithin(outcome(policyOf('sticky')), target)).toBe(false);
    },
  );

  it('is looked at in every scenario that has a target', () => {
    expect(Object.keys(targetsOfFirstSeed)).toEqual(Object.keys(targets));
  });
});

describe('what the policy rests on', () => {
  const small = shortOf(scenarioOf('w8c4-80'), 40_000);

  it('loses warm starts without patience', () => {
    expect(outcomeOf(small, policyOf('shunt-impatient')).relativeWarm).toBeLessThan(0.9);
    expect(outcomeOf(small).relativeWarm).toBeGreaterThan(0.95);
  });

  it('waits as the ideal does where no agent comes twice, and has lost no warm start', async () => {
    const traces = await loadTraces(new URL('../../traces/', import.meta.url));
    const { waitRatio, relativeWarm, warm } = outcomeOf(scenarioOf('tr-azure'), defaultPolicy, traces);
    expect(waitRatio).toBeCloseTo(1, 2);
    expect([warm, relativeWarm]).toEqual([0, 1]);
  });

  it('has a worker that fails its starts out by its breaker, where a hash loses tasks for good', () => {
    const [failing, hashed] = [defaultPolicy, policyOf('hash')].map((policy) =>
      outcomeOf(scenarioOf('blackhole'), policy),
    );
    expect(failing?.failed).toBeLessThan(100);
    expect(failing?.waitRatio).toBeLessThan(1.1);
    expect(hashed?.failed).toBeGreaterThan(500);
  });

  it('bounds what a strategy that ignores the load can spoil', () => {
    expect(outcomeOf(small, policyOf('shunt+round-robin')).waitRatio).toBeLessThan(1.2);
    expect(outcomeOf(small, policyOf('hash')).waitRatio).toBeGreaterThan(1.5);
  });

  it('herds by heartbeats, and less with two choices', () => {
    const [now, stale, two] = ['least-connections', 'stale-least-connections', 'stale-power-of-two'].map(
      (name) => outcomeOf(shortOf(scenarioOf('base-80'), 40_000), policyOf(name)).waitRatio,
    ) as [number, number, number];
    expect(stale).toBeGreaterThan(4 * now);
    expect(two).toBeLessThan(1.5 * now);
  });

  it('does for the tail what a rebalancer does for sticky, and more', () => {
    const [sticky, rebalanced, shunt] = ['sticky', 'sticky-rebalanced', 'shunt'].map(
      (name) => outcomeOf(small, policyOf(name)).waitRatio,
    ) as [number, number, number];
    expect(rebalanced).toBeLessThan(sticky);
    expect(shunt).toBeLessThan(rebalanced);
  });

  it('counts in the shadow that least connections agrees with itself, and round-robin seldom', () => {
    const shadows = simulateShadows(small, 1);
    const shareOf = (name: string) => {
      const { agreed, differed } = shadows.get(name) ?? { agreed: 0, differed: 0 };
      return agreed / (agreed + differed);
    };
    expect(shareOf('least-connections')).toBe(1);
    expect(shareOf('round-robin')).toBeLessThan(0.9);
    expect(shareOf('round-robin')).toBeGreaterThan(0);
  });
});
