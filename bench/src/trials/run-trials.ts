import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { openRedis } from '@shunt/lanes';
import { ensureRedis } from '@shunt/redis-server';
import progress from 'cli-progress';
import { Command } from 'commander';
import { machineOf } from '../machine.js';
import type { Finding } from './finding.js';
import { resultOf, type TrialResult, trialTable } from './report.js';
import type { Trial } from './trial.js';

/** A program that runs trials. */
export interface TrialProgram {
  /** As it is called by npm. */
  readonly command: string;
  readonly about: string;
  /** What its trials are, in the plural. */
  readonly kind: string;
  readonly rounds: number;
  readonly trials: readonly Trial[];
  /** Name of the files that it writes; of a part of it with the names of the trials behind. */
  readonly file: string;
  /** An SVG of the findings, undefined where there is nothing to draw. */
  readonly plot?: (findings: readonly Finding[]) => string | undefined;
}

/** Reads the options of a program, runs its trials on a Redis of their own, and writes and prints what was found. */
export async function runTrials({
  command,
  about,
  kind,
  rounds: usual,
  trials,
  file: whole,
  plot,
}: TrialProgram): Promise<void> {
  const options = new Command(command)
    .description(about)
    .option('--rounds <n>', `rounds of each of the ${kind}`, String(usual))
    .option('--size <x>', 'scales tasks, agents and seconds', '1')
    .option('--slower <x>', 'tasks of warm and cold workers take so many times as long, at rates as much lower', '1')
    .option('--only <names...>', `some of ${trials.map(({ name }) => name).join(', ')}`)
    .option('--out <folder>', 'where table, JSON and the plot go', 'docs/bench')
    .parse()
    .opts<{ rounds: string; size: string; slower: string; only?: string[]; out: string }>();

  const rounds = Number(options.rounds);
  const size = Number(options.size);
  const slower = Number(options.slower);
  const chosen = trials.filter(({ name }) => options.only?.includes(name) ?? true);
  const file = [whole, ...(options.only ?? [])].join('-');
  const isKnown = chosen.length === (options.only ?? trials).length;
  if (!(Number.isInteger(rounds) && rounds >= 1 && size > 0 && slower > 0 && isKnown)) {
    console.error(`--rounds must be a whole number from 1, --size and --slower above 0, --only must name ${kind}`);
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
  bar.start(chosen.length * rounds, 0);

  const load = loadavg()[0] ?? 0;
  const machine = `${machineOf(server.version)}, load average ${load.toFixed(1)} before, ${rounds} of each of the ${kind}, --slower ${slower}`;
  const found = new Map<Trial, TrialResult>();
  const results = () => chosen.flatMap((trial) => found.get(trial) ?? []);
  const text = () => `${machine}\n\n${trialTable(results())}`;
  const measure = async (trial: Trial) => {
    const keep = (findings: readonly Finding[]) => {
      found.set(trial, resultOf(trial, findings));
      publish();
    };
    const onRound = (soFar?: readonly Finding[]) => {
      bar.increment();
      if (soFar) keep(soFar);
    };
    keep(await trial.run({ redisUrl: server.url, redis, rounds, size, slower, onRound }));
  };

  /** Writes what has been measured so far, so that a run that is cut short keeps it. */
  function publish(): void {
    mkdirSync(options.out, { recursive: true });
    writeFileSync(join(options.out, `${file}.txt`), `${text()}\n`);
    writeFileSync(join(options.out, `${file}.json`), `${JSON.stringify({ machine, results: results() }, null, 2)}\n`);
    const drawn = plot?.(results().flatMap(({ findings }) => findings));
    if (drawn !== undefined) writeFileSync(join(options.out, `${file}.svg`), drawn);
  }

  await Promise.all(chosen.filter(({ isAlone }) => !isAlone).map(measure));
  for (const trial of chosen.filter(({ isAlone }) => isAlone)) await measure(trial);
  bar.stop();
  redis.disconnect();
  await server.stop();
  console.log(text());
}
