import { describe, expect, it } from 'vitest';
import { meanOf, type Result, shown } from '../simulation/report/summary.js';
import { targets } from '../simulation/targets.js';
import { textOf } from './pages.js';

const { results }: { results: readonly Result[] } = JSON.parse(textOf('docs/simulation/results.json'));
const scenarios = Object.keys(targets);
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
      const cells = shownPolicies.map((policy) => {
        const result = results.find((other) => other.scenario === scenario && other.policy === policy) as Result;
        return `${shown(meanOf(result, 'waitRatio'))} / ${shown(meanOf(result, 'relativeWarm'))}`;
      });
      return `| ${[`\`${scenario}\``, ...cells].join(' | ')} |`;
    });
    const page = textOf('docs/placement.md');
    expect(rows.filter((row) => !page.includes(row))).toEqual([]);
  });

  it.each(Object.entries(targets))('rests on a run that kept the target of %s', (scenario, target) => {
    const result = results.find((other) => other.scenario === scenario && other.policy === 'shunt') as Result;
    expect(meanOf(result, 'waitRatio')).toBeLessThanOrEqual(target.waitRatio);
    expect(meanOf(result, 'relativeWarm')).toBeGreaterThanOrEqual(target.relativeWarm);
  });
});
