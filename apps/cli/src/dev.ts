import type { Command } from 'commander';
import { runDemo } from './demo/run-demo.js';
import { wholeNumber } from './numbers.js';

/** Adds `dev`. */
export function addDev(command: Command): void {
  command
    .requiredOption('--demo', 'replay the shipped trace and show it')
    .option('--workers <n>', 'worker processes', wholeNumber(1, 64), 3)
    .option('--slots <n>', 'tasks a worker runs at once', wholeNumber(1, 1000), 4)
    .option('--port <n>', "the dispatcher's port, a free one if that is taken", wholeNumber(0, 65_535), 7420)
    .option('--speed <n>', 'how many times faster than the trace was recorded', wholeNumber(1, 1000), 60)
    .option(
      '--rounds <n>',
      'replay it so often, one after the other, then end; until Ctrl C unless told',
      wholeNumber(1, 1000),
    )
    .option('--tasks <n>', 'replay only the first so many tasks', wholeNumber(1, 1_000_000))
    .action(async (options) => process.exit((await runDemo(options)) ? 0 : 1));
}
