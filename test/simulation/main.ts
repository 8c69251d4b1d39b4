import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTrace } from '@shunt/workload';
import progress from 'cli-progress';
import { Command } from 'commander';
import { defaultPolicy, policies } from './policies/catalogue.js';
import { svgPlot } from './report/plot.js';
import type { Result } from './report/summary.js';
import { keepsTarget, textReport } from './report/tables.js';
import { scenarios } from './scenarios.js';
import { simulatePlan, simulateShadows } from './simulate.js';
import { targets } from './targets.js';

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
    'names, compared in the scenarios that have a target; the others run the default alone',
    'all',
  )
  .option('--out <folder>', 'where tables, JSON and the plot go', 'docs/simulation')
  .parse()
  .opts<{ seeds: string; scenarios: string; policies: string; out: string }>();

const seeds = options.seeds.split(',').map(Number);
const chosen = named(scenarios, options.scenarios, '--scenarios');
const compared = named(policies, options.policies, '--policies');
if (!seeds.every((seed) => Number.isInteger(seed) && seed > 0)) refuse('--seeds must be whole numbers from 1');

const plans = chosen.map((scenario) => ({
  scenario,
  policies: Object.hasOwn(targets, scenario.name) ? compared : compared.filter((policy) => policy === defaultPolicy),
}));
const trace = await loadTrace(fileURLToPath(new URL('../../../traces/mooncake-conversation.csv.gz', import.meta.url)));
const bar = new progress.SingleBar(
  { format: '{bar} {value}/{total} {scenario}', clearOnComplete: true },
  progress.Presets.shades_classic,
);
const runs = plans.map((plan) => plan.policies.length + (plan.policies.includes(defaultPolicy) ? seeds.length - 1 : 0));
bar.start(
  runs.reduce((sum, count) => sum + count, 0),
  0,
  { scenario: '' },
);
const results: Result[] = [];
for (const plan of plans) {
  bar.update({ scenario: plan.scenario.name });
  results.push(...simulatePlan(plan, seeds, trace, () => bar.increment()));
}
bar.stop();

const shadowed = chosen.find(({ name }) => name === 'base-80');
const shadows = shadowed === undefined ? new Map() : simulateShadows(shadowed, seeds[0] as number);
const text = textReport({ seeds, scenarios: chosen, policies: compared, results, shadows });
mkdirSync(options.out, { recursive: true });
writeFileSync(join(options.out, 'results.txt'), `${text}\n`);
writeFileSync(
  join(options.out, 'results.json'),
  `${JSON.stringify({ seeds, results, shadows: [...shadows] }, null, 1)}\n`,
);
writeFileSync(
  join(options.out, 'results.svg'),
  svgPlot(results.filter(({ scenario }) => Object.hasOwn(targets, scenario))),
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
