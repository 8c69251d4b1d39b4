import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { openRedis } from '@shunt/lanes';
import { ensureRedis } from '@shunt/redis-server';
import progress from 'cli-progress';
import { Command } from 'commander';
import { machineOf } from '../machine.js';
import { crashByDefault, crashInTestProfile, crashOfPlainBullmq } from './crash.js';
import { evicting } from './evict.js';
import { allFailing, allFailingProbed, oneFailing } from './failing.js';
import type { Fault } from './fault.js';
import { leaderStopped } from './leader-stopped.js';
import { timesPlot } from './plot.js';
import { redisGone } from './redis-gone.js';
import { type FaultResult, faultTable, resultOf } from './report.js';

const all: readonly Fault[] = [
  crashInTestProfile,
  crashByDefault,
  crashOfPlainBullmq,
  leaderStopped,
  redisGone,
  allFailing,
  allFailingProbed,
  oneFailing,
  evicting,
];

const options = new Command('bench:faults')
  .description('What crashes, stops and failures cost, against the bars they are held to')
  .option('--rounds <n>', 'faults of each kind', '5')
  .option('--size <x>', 'scales tasks and agents', '1')
  .option('--only <names...>', `some of ${all.map(({ name }) => name).join(', ')}`)
  .option('--out <folder>', 'where table, JSON and the plot go', 'docs/bench')
  .parse()
  .opts<{ rounds: string; size: string; only?: string[]; out: string }>();

const rounds = Number(options.rounds);
const size = Number(options.size);
const faults = all.filter(({ name }) => options.only?.includes(name) ?? true);
const isKnown = faults.length === (options.only ?? all).length;
if (!(Number.isInteger(rounds) && rounds >= 1 && size > 0 && isKnown)) {
  console.error('--rounds must be a whole number from 1, --size above 0, --only must name faults');
  process.exit(64);
}

// Ends by the exit handlers, which take the processes along.
process
  .once('SIGINT', () => process.exit(130))
  .once('SIGTERM', () => process.exit(143))
  .setMaxListeners(0);

const server = await ensureRedis({ durable: false, requireNative: true, log: console.log });
const redis = openRedis(server.url);
await redis.flushall();
const bar = new progress.SingleBar(
  { format: '{bar} {value}/{total}', clearOnComplete: true },
  progress.Presets.shades_classic,
);
bar.start(faults.length * rounds, 0);

const load = loadavg()[0] ?? 0;
const machine = `${machineOf(server.version)}, load average ${load.toFixed(1)} before, ${rounds} faults of each kind`;
const found = new Map<Fault, FaultResult>();
await Promise.all(faults.filter(({ isAlone }) => !isAlone).map(measure));
for (const fault of faults.filter(({ isAlone }) => isAlone)) await measure(fault);
bar.stop();
redis.disconnect();
await server.stop();
console.log(textOf(results()));

async function measure(fault: Fault): Promise<void> {
  const findings = await fault.run({ redisUrl: server.url, redis, rounds, size, onRound: () => bar.increment() });
  found.set(fault, resultOf(fault, findings));
  publish(results());
}

function results(): FaultResult[] {
  return faults.flatMap((fault) => found.get(fault) ?? []);
}

/** Writes what has been measured so far, so that a run that is cut short keeps it. */
function publish(measured: readonly FaultResult[]): void {
  mkdirSync(options.out, { recursive: true });
  writeFileSync(join(options.out, 'faults.txt'), `${textOf(measured)}\n`);
  writeFileSync(join(options.out, 'faults.json'), `${JSON.stringify({ machine, results: measured }, null, 2)}\n`);
  writeFileSync(join(options.out, 'faults.svg'), timesPlot(measured.flatMap(({ findings }) => findings)));
}

function textOf(measured: readonly FaultResult[]): string {
  return `${machine}\n\n${faultTable(measured)}`;
}
