import { type ShadowCount, type Strategy, strategies } from '@shunt/balancing';
import { StateOnOneWorker } from './engine/warm-states.js';
import { AffinityPull } from './policies/affinity-pull.js';
import { defaultPolicy } from './policies/catalogue.js';
import type { PolicyEntry } from './policies/entry.js';
import type { Result } from './report/summary.js';
import { type Outcome, ScenarioRun } from './run-scenario.js';
import type { Scenario } from './scenarios.js';
import type { Traces } from './workload/traces.js';

/** What is simulated with what. */
export interface Plan {
  readonly scenario: Scenario;
  readonly policies: readonly PolicyEntry[];
  /** Whether each of them is simulated with each seed, not only the default. */
  readonly isEverySeed: boolean;
}

/** How many runs a plan is with so many seeds. */
export function runsOf({ policies, isEverySeed }: Plan, seeds: number): number {
  const thorough = isEverySeed ? policies.length : policies.includes(defaultPolicy) ? 1 : 0;
  return policies.length + thorough * (seeds - 1);
}

/**
 * Simulates a plan: the default policy with each seed, others with the first unless it says more, as their figures are far apart. Calls
 * `onRun` after each run.
 */
export function simulatePlan(
  { scenario, policies, isEverySeed }: Plan,
  seeds: readonly number[],
  traces: Traces,
  onRun: () => void = () => {},
): Result[] {
  const outcomes = new Map<string, Outcome[]>(policies.map(({ name }) => [name, []]));
  const sameWorkRatios: number[] = [];
  const thorough = isEverySeed ? policies : policies.filter((policy) => policy === defaultPolicy);
  const ideals = seeds.map((seed) => {
    const run = new ScenarioRun(scenario, seed, traces);
    for (const policy of seed === seeds[0] ? policies : thorough) {
      const sim = run.simulate(policy.make());
      outcomes.get(policy.name)?.push(run.outcome(policy.name, sim));
      if (policy === defaultPolicy && seed === seeds[0]) sameWorkRatios.push(run.sameWorkRatio(sim));
      onRun();
    }
    return run.ideal;
  });
  return policies.map((policy) => ({
    scenario: scenario.name,
    policy: policy.name,
    idealWaitP99: ideals.map(({ waitP99 }) => waitP99),
    idealWarm: ideals.map(({ warm }) => warm),
    outcomes: outcomes.get(policy.name) ?? [],
    ...(policy === defaultPolicy ? { sameWorkRatios } : {}),
  }));
}

/** What every other strategy would have decided in the place of least connections, by its name, in one scenario. */
export function simulateShadows(scenario: Scenario, seed: number): ReadonlyMap<string, ShadowCount> {
  const run = new ScenarioRun(scenario, seed, {});
  const others: readonly Strategy[] = Object.values(strategies);
  return new Map(
    others.map((shadow) => {
      const policy = new AffinityPull(new StateOnOneWorker(true), strategies['least-connections'], { shadow });
      run.simulate(policy);
      return [shadow.name, policy.shadowed];
    }),
  );
}
