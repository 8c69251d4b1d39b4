/** `npm run chaos`: real processes under load and faults, judged by the checker. Exits with 1 on a violation, or an unseen fault. */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import progress from 'cli-progress';
import { formatReport } from '../checker/report.js';
import type { Run } from '../harness/run.js';
import { runChaos, strikesOf } from './chaos.js';
import { chaosProgram, commandOf, type Given } from './given.js';
import type { Strike } from './plan.js';
import { summaryOf } from './summary.js';

const program = chaosProgram().parse();
const given = program.opts<Given>();
const { minutes, seed, ...shape } = given;
const options = { seed, durationMs: minutes * 60_000, ...shape };

const told = ({ atMs, nemesis, victim }: Strike) =>
  `${(atMs / 1000).toFixed(1).padStart(8)} s  ${nemesis.name}: ${victim}`;
const planned = strikesOf(options);
if (planned.length === 0)
  program.error(`error: no fault of ${minutes} minutes has '${given.only}' in its name: this would show nothing`);
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
console.log(`The history is in ${file}. To repeat the run:\n${commandOf(given)}`);
process.exit(1);
