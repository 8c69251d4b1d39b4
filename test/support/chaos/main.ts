/** `npm run chaos`: real processes under load and faults, judged by the checker. Exits with 1 on a violation, or an unseen fault. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import progress from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { formatReport } from '../checker/report.js';
import type { Run } from '../harness/run.js';
import { runChaos, strikesOf } from './chaos.js';
import type { Strike } from './plan.js';
import { summaryOf } from './summary.js';

const number = (min: number, max: number, isWhole: boolean) => (text: string) => {
  const value = Number(text);
  if (value >= min && value <= max && (!isWhole || Number.isInteger(value))) return value;
  throw new InvalidArgumentError(`must be a ${isWhole ? 'whole ' : ''}number from ${min} to ${max}.`);
};

const given = new Command('chaos')
  .description(
    'A pool of real processes under load while they, Redis and their network are broken by a seeded schedule',
  )
  .option('--minutes <n>', 'how long faults are injected', number(0.1, 1440, false), 1)
  .option('--seed <n>', 'repeats a schedule', number(0, 2 ** 31 - 1, true), 1)
  .option('--workers <n>', 'worker processes', number(2, 64, true), 6)
  .option('--dispatchers <n>', 'dispatcher processes', number(1, 8, true), 2)
  .option('--agents <n>', 'agents that tasks belong to', number(1, 100_000, true), 64)
  .option('--only <name>', 'part of the names of the faults to inject', '')
  .parse()
  .opts<{ minutes: number; seed: number; workers: number; dispatchers: number; agents: number; only: string }>();

const { minutes, seed, workers, dispatchers, agents, only } = given;
const shape = `--workers ${workers} --dispatchers ${dispatchers} --agents ${agents}`;
const again = `npm run chaos -- --minutes ${minutes} --seed ${seed} ${shape}${only === '' ? '' : ` --only '${only}'`}`;
const options = { seed, durationMs: minutes * 60_000, workers, dispatchers, agents, only };

const told = ({ atMs, nemesis, victim }: Strike) =>
  `${(atMs / 1000).toFixed(1).padStart(8)} s  ${nemesis.name}: ${victim}`;
const planned = strikesOf(options);
console.log(`Seed ${seed}: ${planned.length} faults\n${planned.map(told).join('\n')}\n`);

const bar = new progress.SingleBar({
  format: '{bar} {seconds} of {length} s, {settled} of {submitted} tasks settled, {faults} faults, {latest}',
  noTTYOutput: true,
  notTTYSchedule: 15_000,
  hideCursor: true,
});
let run: Run | undefined;
let faults = 0;
let latest = 'starting';
const startedAtMs = performance.now();
const lengthS = Math.round(minutes * 60);
bar.start(lengthS, 0, { seconds: 0, length: lengthS, settled: 0, submitted: 0, faults, latest });
const ticking = setInterval(() => {
  const seconds = Math.round((performance.now() - startedAtMs) / 1000);
  const { settled = 0, submitted = 0 } = run ?? {};
  bar.update(Math.min(seconds, lengthS), { seconds, settled, submitted, faults, latest });
}, 500);

const unseen: string[] = [];
const result = await runChaos({
  ...options,
  onStart: (started) => {
    run = started;
  },
  onStrike: (strike, failure) => {
    if (failure !== undefined) unseen.push(`${told(strike)}: ${failure.message}`);
    else faults++;
    latest = `${strike.nemesis.name}: ${strike.victim}`;
  },
}).finally(() => {
  clearInterval(ticking);
  bar.stop();
});

console.log(`\n${summaryOf(result)}`);
if (result.check.violations.length === 0) {
  console.log(`passed: ${result.check.rules.join(', ')}`);
  process.exit(0);
}
const file = join(tmpdir(), `chaos-${seed}-${process.pid}.jsonl`);
writeFileSync(file, result.history.map((event) => `${JSON.stringify(event)}\n`).join(''));
console.log(formatReport(result.check));
if (unseen.length > 0) console.log(`unknown, as these faults were not seen:\n${unseen.join('\n')}`);
console.log(`The history is in ${file}. To repeat the run:\n${again}`);
process.exit(1);
