import { describe, expect, it } from 'vitest';
import { warmCold } from '../../bench/src/warm-cold-setting.js';
import { policies } from '../simulation/policies/catalogue.js';
import { meanOf, type Result, shown } from '../simulation/report/summary.js';
import { targets } from '../simulation/targets.js';
import { capacityBounds } from '../simulation/workload/capacity-bound.js';
import { textOf } from './pages.js';

const { results }: { results: readonly Result[] } = JSON.parse(textOf('docs/simulation/results.json'));
const scenarios = Object.keys(targets);
/** R1 and relative warm share of a policy in a scenario, as the tables have them. */
function cellOf(scenario: string, policy: string): string {
  const result = results.find((other) => other.scenario === scenario && other.policy === policy) as Result;
  return `${shown(meanOf(result, 'waitRatio'))} / ${shown(meanOf(result, 'relativeWarm'))}`;
}
const shownPolicies = [
  'shunt',
  'shared-queue',
  'hash',
  'bounded-hash',
  'least-connections',
  'weighted-score',
  'sticky',
];

describe('docs/placement.md', () => {
  it('shows what the last `npm run simulate` found', () => {
    const rows = scenarios.map((scenario) => {
      const cells = shownPolicies.map((policy) => cellOf(scenario, policy));
      return `| ${[`\`${scenario}\``, ...cells].join(' | ')} |`;
    });
    const page = textOf('docs/placement.md');
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });

  it.each(policies.filter(({ isAside }) => isAside))('shows what it found of $name', ({ name }) => {
    const [, , ...cells] = (
      textOf('docs/placement.md').match(new RegExp(`^\\| \`${name}\` \\|.*$`, 'm'))?.[0] ?? ''
    ).split('|');
    const found = ['base-80', 'load-95'].map((scenario) => cellOf(scenario, name));
    expect(cells.slice(0, 2).map((cell) => cell.replace(/\(.*\)/, '').trim())).toEqual(found);
  });

  it.each(Object.entries(targets))('rests on a run that kept the target of %s', (scenario, target) => {
    const result = results.find((other) => other.scenario === scenario && other.policy === 'shunt') as Result;
    expect(meanOf(result, 'waitRatio')).toBeLessThanOrEqual(target.waitRatio);
    expect(meanOf(result, 'relativeWarm')).toBeGreaterThanOrEqual(target.relativeWarm);
  });

  it('tells the bounds of what the setting of the bench sustains', () => {
    const { popular, recent, shared, sharedAlone } = capacityBounds(warmCold);
    const page = textOf('docs/placement.md');
    const told = /^\| warm are \| tasks\/s \|\n.*\n((?:\|.*\n)+)/m.exec(page)?.[1] ?? '';
    const rates = [...told.matchAll(/ ([\d,]+) \|$/gm)].map(([, rate = '']) => Number(rate.replace(',', '')));
    expect(rates).toEqual([popular, recent, shared, sharedAlone].map(Math.round));
    expect(page).toContain(`no dispatcher is more than ${(popular / shared).toFixed(1)} times a shared queue`);
    const simulated = /a shared queue \| \S+ \| (\d+) to (\d+)\/s/.exec(page)?.slice(1).map(Number) ?? [];
    const ratio = (2 * popular) / simulated.reduce((sum, rate) => sum + rate, 0);
    expect(page).toContain(`the bound is ${ratio.toFixed(1)} times the simulated shared queue`);
  });
});
