import { describe, expect, it } from 'vitest';
import { policies } from '../simulation/policies/catalogue.js';
import { meanOf, type Result, shown } from '../simulation/report/summary.js';
import { targets } from '../simulation/targets.js';
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
});
