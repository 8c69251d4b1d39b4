import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import progress from 'cli-progress';
import { Command } from 'commander';
import { defaultPolicy, policies } from './policies/catalogue.js';
import { svgPlot } from './report/plot.js';
import type { Result } from './report/summary.js';
import { keepsTarget, legend, textReport } from './report/tables.js';
import { scenarios } from './scenarios.js';
import { runsOf, simulatePlan, simulateShadows } from './simulate.js';
import { targets } from './targets.js';
import { loadTraces } from './workload/traces.js';

const options = new Command('simulate')
  .description('The placement policy beside others, in simulated time: deterministic, one process, no Redis')
  .option(
    '--seeds <list>',
    'seeds of the workloads: means over all for the default policy, the first for the others',
    '1,2,3',
  )
  .option('--scenarios <list>', 'names, or all', 'all')
  .option(
    '--policies <list>',
    'names, run in every scenario; of all, the others than the default run only where there is a target',
    'all',
  )
  .option('--every-seed', 'all policies with all seeds', false)
  .option('--out <folder>', 'where tables, JSON and the plot go', 'docs/simulation')
  .addHelpText('after', `\nPolicies:\n${legend(policies)}\n\nScenarios:\n${legend(scenarios)}`)
  .parse()
  .opts<{ seeds: string; scenarios: string; policies: string; everySeed: boolean; out: string }>();

const seeds = options.seeds.split(',').map(Number);
const chosen = named(scenarios, options.scenarios, '--scenarios');
const compared = named(policies, options.policies, '--policies');
if (!seeds.every((seed) => Number.isInteger(seed) && seed > 0)) refuse('--seeds must be whole numbers from 1');

const isEverySeed = options.everySeed;
const isChosen = options.policies !== 'all';
const plans = chosen.map((scenario) => ({
  scenario,
  isEverySeed,
  policies:
    isChosen || Object.hasOwn(targets, scenario.name)
      ? compared
      : compared.filter((policy) => policy === defaultPolicy),
}));
const traces = await loadTraces(new URL('../../../traces/', import.meta.url));
const bar = new progress.SingleBar(
  { format: '{bar} {value}/{total} {scenario}', clearOnComplete: true },
  progress.Presets.shades_classic,
);
bar.start(
  plans.reduce((sum, plan) => sum + runsOf(plan, seeds.length), 0),
  0,
  { scenario: '' },
);
const results: Result[] = [];
for (const plan of plans) {
  bar.update({ scenario: plan.scenario.name });
  results.push(...simulatePlan(plan, seeds, traces, () => bar.increment()));
}
bar.stop();

// One's own choice is drawn whole; of all there are more than a picture can tell apart.
const drawn = new Set(compared.filter(({ isAside = false }) => isChosen || !isAside).map(({ name }) => name));
const shadowed = chosen.find(({ name }) => name === 'base-80');
const shadows = shadowed === undefined ? new Map() : simulateShadows(shadowed, seeds[0] as number);
const text = textReport({ seeds, isEverySeed, scenarios: chosen, policies: compared, results, shadows });
mkdirSync(options.out, { recursive: true });
writeFileSync(join(options.out, 'results.txt'), `${text}\n`);
writeFileSync(
  join(options.out, 'results.json'),
  `${JSON.stringify({ seeds, results, shadows: [...shadows] }, null, 1)}\n`,
);
writeFileSync(
  join(options.out, 'results.svg'),
  svgPlot(results.filter(({ scenario, policy }) => Object.hasOwn(targets, scenario) && drawn.has(policy))),
);
console.log(text);
if (results.some((result) => result.policy === defaultPolicy.name && !keepsTarget(result))) process.exitCode = 1;

/** The entries of the names, or all. */
function named<T extends { readonly name: string }>(known: readonly T[], list: string, option: string): readonly T[] {
  if (list === 'all') return known;
  const names = list.split(',');
  const unknown = names.find((name) => !known.some((entry) => entry.name === name));
  if (unknown !== undefined) refuse(`${option}: ${unknown} is none of ${known.map(({ name }) => name).join(', ')}`);
  return known.filter(({ name }) => names.includes(name));
}

function refuse(problem: string): never {
  console.error(problem);
  process.exit(64);
}
