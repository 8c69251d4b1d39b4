import type { Command } from 'commander';
import { runDev } from '../crew/run-dev.js';
import { runDemo } from '../demo/run-demo.js';
import { wholeNumber } from '../numbers.js';

/** Options that say how the demo replays its trace. */
const ofDemo = ['speed', 'rounds', 'tasks'];

/** Adds `dev`. */
export function addDev(command: Command): void {
  command
    .option('--demo', 'replay the shipped trace and show it, on a pool of its own with built-in handlers')
    .option('--workers <n>', 'worker processes', wholeNumber(1, 64), 3)
    .option('--slots <n>', 'tasks a worker runs at once; SHUNT_SLOTS or 4 unless told', wholeNumber(1, 1000))
    .option('--port <n>', "the dispatcher's port, a free one if that is taken", wholeNumber(0, 65_535), 7420)
    .option('--speed <n>', 'of the demo: how many times faster than the trace was recorded', wholeNumber(1, 1000), 60)
    .option('--rounds <n>', 'of the demo: replay it so often, then end; until Ctrl C unless told', wholeNumber(1, 1000))
    .option('--tasks <n>', 'of the demo: replay only the first so many tasks', wholeNumber(1, 1_000_000))
    .action(async ({ demo, ...options }) => {
      if (demo) process.exit((await runDemo({ slots: 4, ...options })) ? 0 : 1);
      const stray = ofDemo.find((name) => command.getOptionValueSource(name) === 'cli');
      if (stray !== undefined) command.error(`error: option '--${stray}' goes with --demo`);
      await runDev(options);
      process.exit(0);
    });
}
