import type { ShadowCount } from '@shunt/balancing';
import Table from 'cli-table3';
import type { PolicyEntry } from '../policies/entry.js';
import type { Scenario } from '../scenarios.js';
import { targets } from '../targets.js';
import { mean, meanOf, type Result, recoveries, shown } from './summary.js';

/** All that a run of the simulator tells. */
export interface Report {
  readonly seeds: readonly number[];
  /** Whether every policy ran with every seed, not only the default. */
  readonly isEverySeed: boolean;
  readonly scenarios: readonly Scenario[];
  readonly policies: readonly PolicyEntry[];
  readonly results: readonly Result[];
  readonly shadows: ReadonlyMap<string, ShadowCount>;
}

/** The text of a report: the default policy, its targets, the comparison, the shadows, and what the names mean. */
export function textReport({ seeds, isEverySeed, scenarios, policies, results, shadows }: Report): string {
  const means = isEverySeed
    ? 'means over all (R2: the first)'
    : 'means over all for the default policy (R2: the first); the first for the others';
  const ofDefault = results.filter(({ policy }) => policy === 'shunt');
  const compared = new Set(results.filter(({ policy }) => policy !== 'shunt').map(({ scenario }) => scenario));
  const parts = [
    `Seeds ${seeds.join(', ')}: ${means}. Times in mean warm service times S; waits are p99, from arrival to start.`,
    "R1: p99 wait over the ideal queue's. R2: over a shared queue with the same cold starts. J1: as R1, arrival to end. rel: warm share over the ideal's.",
    `The default policy (worst seed in brackets)\n${defaultTable(ofDefault)}`,
    ofDefault
      .map(verdict)
      .filter((line) => line !== '')
      .join('\n'),
    compared.size === 0
      ? ''
      : `Policies, R1 / rel\n${comparisonTable(results.filter(({ scenario }) => compared.has(scenario)))}`,
    shadows.size === 0 ? '' : `In the shadow of least-connections, base-80\n${shadowTable(shadows)}`,
    `Policies\n${legend(policies)}`,
    `Scenarios\n${legend(scenarios)}`,
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

/** Whether a result is within its scenario's target, or there is none. */
export function keepsTarget(result: Result): boolean {
  const target = targets[result.scenario];
  if (target === undefined) return true;
  return meanOf(result, 'waitRatio') <= target.waitRatio && meanOf(result, 'relativeWarm') >= target.relativeWarm;
}

/** Says whether a result keeps its scenario's target; empty without one. */
export function verdict(result: Result): string {
  const target = targets[result.scenario];
  if (target === undefined) return '';
  const [ratio, warm] = [meanOf(result, 'waitRatio'), meanOf(result, 'relativeWarm')];
  const kept = keepsTarget(result) ? 'kept' : 'MISSED';
  const bounds = `R1 ${ratio.toFixed(3)} of at most ${target.waitRatio.toFixed(2)}, rel ${warm.toFixed(4)} of at least ${target.relativeWarm.toFixed(3)}`;
  return `target ${kept}: ${result.scenario.padEnd(12)} ${bounds}`;
}

/** What names mean, a line each. */
export function legend(entries: readonly { readonly name: string; readonly about: string }[]): string {
  return entries.map(({ name, about }) => `  ${name.padEnd(28)} ${about}`).join('\n');
}

function shadowTable(shadows: ReadonlyMap<string, ShadowCount>): string {
  const lines = [...shadows].map(([name, { agreed, differed }]) => {
    const share = ((100 * agreed) / (agreed + differed)).toFixed(1);
    return `  ${name.padEnd(28)} ${share.padStart(5)} % of ${agreed + differed} placements the same`;
  });
  return lines.join('\n');
}

/** The default policy in every scenario, the worst seed in brackets. */
export function defaultTable(results: readonly Result[]): string {
  const table = tableOf([
    'scenario',
    'ideal wait',
    'wait',
    'R1',
    'R2',
    'J1',
    'eligible',
    'warm (ideal)',
    'rel',
    'moves',
    'Jain',
    'busiest',
    'failed',
    'back after s',
  ]);
  for (const result of results) {
    const worst = Math.max(...result.outcomes.map(({ waitRatio }) => waitRatio));
    const coldest = Math.min(...result.outcomes.map(({ relativeWarm }) => relativeWarm));
    table.push([
      result.scenario,
      shown(mean(result.idealWaitP99)),
      shown(meanOf(result, 'waitP99')),
      `${shown(meanOf(result, 'waitRatio'))} (${shown(worst)})`,
      shown(mean(result.sameWorkRatios ?? [])),
      shown(meanOf(result, 'sojournRatio')),
      shown(meanOf(result, 'eligibleP99')),
      `${meanOf(result, 'warm').toFixed(3)} (${mean(result.idealWarm).toFixed(3)})`,
      `${meanOf(result, 'relativeWarm').toFixed(3)} (${coldest.toFixed(3)})`,
      shown(meanOf(result, 'moves'), 1),
      meanOf(result, 'jain').toFixed(3),
      shown(meanOf(result, 'busiest')),
      shown(meanOf(result, 'failed'), 0),
      recoveries(result),
    ]);
  }
  return table.toString();
}

/** R1 and relative warm share of every policy in the compared scenarios. */
export function comparisonTable(results: readonly Result[]): string {
  const scenarios = [...new Set(results.map(({ scenario }) => scenario))];
  const table = tableOf(['R1 / rel', ...scenarios]);
  for (const policy of new Set(results.map((result) => result.policy))) {
    const cells = scenarios.map((scenario) => {
      const result = results.find((other) => other.policy === policy && other.scenario === scenario);
      if (result === undefined) return '-';
      return `${shown(meanOf(result, 'waitRatio'))} / ${shown(meanOf(result, 'relativeWarm'))}`;
    });
    table.push([policy, ...cells]);
  }
  return table.toString();
}

function tableOf(head: readonly string[]) {
  return new Table({
    head: [...head],
    style: { head: [], border: [], compact: true },
    colAligns: head.map((_, n) => (n === 0 ? 'left' : 'right')),
  });
}
