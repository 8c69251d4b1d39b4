import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRedis } from '@shunt/lanes';
import { ensureRedis } from '@shunt/redis-server';
import progress from 'cli-progress';
import { Command } from 'commander';
import { machineOf } from './machine.js';
import { svgPlot } from './plot.js';
import { type Result, textTable } from './report.js';
import { endToEndUniform, endToEndZipf } from './scenarios/end-to-end.js';
import { enqueueOnly } from './scenarios/enqueue.js';
import { latencyAt } from './scenarios/latency.js';
import type { Measures, Scenario } from './scenarios/scenario.js';
import { warmColdAt, warmColdSustained } from './scenarios/warm-cold.js';
import { systems } from './systems/index.js';
import type { SystemName } from './systems/system.js';

const groups: Readonly<Record<string, readonly Scenario[]>> = {
  speed: [enqueueOnly, endToEndUniform, endToEndZipf, latencyAt(500), latencyAt(2000)],
  'warm-cold': [warmColdAt(200), warmColdSustained],
};

const options = new Command('bench')
  .description('Shunt beside plain BullMQ: alternating rounds on one Redis, medians')
  .option('--rounds <n>', 'rounds per system', '5')
  .option('--size <x>', 'scales tasks and seconds', '1')
  .option('--only <name>', `${Object.keys(groups).join(', ')}, or part of a scenario's name`, '')
  .option('--out <folder>', 'where tables, JSON and the plot go', 'docs/bench')
  .parse()
  .opts<{ rounds: string; size: string; only: string; out: string }>();

const rounds = Number(options.rounds);
const size = Number(options.size);
const scenarios =
  groups[options.only] ??
  Object.values(groups)
    .flat()
    .filter(({ name }) => name.includes(options.only));
if (!(Number.isInteger(rounds) && rounds >= 1 && size > 0 && scenarios.length > 0)) {
  console.error('--rounds must be a whole number from 1, --size above 0, --only must name a scenario');
  process.exit(64);
}

const server = await ensureRedis({ durable: false, requireNative: true, log: console.log });
const redis = openRedis(server.url);
const names = Object.keys(systems) as SystemName[];
const bar = new progress.SingleBar(
  { format: '{bar} {value}/{total} {step}', clearOnComplete: true },
  progress.Presets.shades_classic,
);
bar.start(scenarios.length * rounds * names.length, 0, { step: '' });

const results: Result[] = [];
const machine = `${machineOf(server.version)}, medians of ${rounds} alternating rounds`;
for (const scenario of scenarios) {
  const measured: Record<SystemName, Measures[]> = { 'bullmq-shared': [], 'bullmq-hashed': [], shunt: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      bar.update({ step: `${scenario.name}: ${name}` });
      await redis.flushall();
      measured[name].push(
        await scenario.run({ system: systems[name], redisUrl: server.url, redis, seed: round + 1, size }),
      );
      bar.increment();
    }
  }
  const { name, about, columns } = scenario;
  results.push({ scenario: name, about, columns, rounds: measured });
  publish();
}
bar.stop();
redis.disconnect();
await server.stop();
console.log(textOf(results));

/** Writes what has been measured so far, so that a run that is cut short keeps it. */
function publish(): void {
  mkdirSync(options.out, { recursive: true });
  const file = options.only === '' ? 'results' : options.only.replace(/[^a-z0-9-]+/gi, '-');
  writeFileSync(join(options.out, `${file}.txt`), `${textOf(results)}\n`);
  writeFileSync(join(options.out, `${file}.json`), `${JSON.stringify({ machine, results }, null, 2)}\n`);
  writeFileSync(join(options.out, `${file}.svg`), svgPlot(results));
}

function textOf(measured: readonly Result[]): string {
  return [machine, ...measured.map(textTable)].join('\n\n');
}
