import { setTimeout as sleep } from 'node:timers/promises';
import { invalidInput, type Shunt } from '@shunt/sdk';
import { loadTrace, type TraceTask } from '@shunt/workload';
import progress from 'cli-progress';
import type { Command } from 'commander';
import { Replay } from '../demo/replay.js';
import { wholeNumber } from '../numbers.js';
import { type OutputOptions, tell, withOutput } from '../output.js';
import { withClient } from '../pool-command.js';
import { stopping } from '../stopping.js';

interface ReplayCommandOptions extends OutputOptions {
  readonly speed: number;
  readonly cost: number;
  readonly tasks?: number;
}

const lookMs = 200;

/** Adds `replay`. */
export function addReplay(command: Command): void {
  withOutput(command)
    .argument('<trace>')
    .option('--speed <n>', 'how many times faster than it was recorded', wholeNumber(1, 1000), 60)
    .option('--cost <percent>', "what a task takes, in percent of the trace's cost", wholeNumber(0, 1000), 12)
    .option('--tasks <n>', 'only the first so many tasks', wholeNumber(1, 1_000_000))
    .action(async (file: string, options: ReplayCommandOptions) => {
      const tasks = (await read(file)).slice(0, options.tasks);
      await withClient(options, (client) => replay(client, tasks, options));
    });
}

/** @throws ShuntError INVALID_INPUT saying what is wrong with the file */
async function read(file: string): Promise<TraceTask[]> {
  return loadTrace(file).catch((error: Error) => {
    throw invalidInput([{ field: 'trace', message: `must be a trace as traces/README.md says: ${error.message}` }]);
  });
}

async function replay(client: Shunt, tasks: readonly TraceTask[], options: ReplayCommandOptions): Promise<void> {
  const signal = stopping();
  const startedMs = performance.now();
  const run = new Replay(client, tasks, { speed: options.speed, costScale: options.cost / 100, rounds: 1, signal });
  const format = '{bar} {value}/{total} ended, {failed} failed, {refused} refused';
  const bar = new progress.SingleBar({ format, clearOnComplete: true }, progress.Presets.shades_classic);
  bar.start(run.tally.total, 0, { failed: 0, refused: 0 });
  const sending = run.run();
  while (!run.isOver && !signal.aborted) {
    const { done, failed, refused } = run.tally;
    bar.update(done + failed + refused, { failed, refused });
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
  }
  await sending;
  bar.stop();
  const { total, enqueued, done, failed, refused } = run.tally;
  const seconds = Math.round((performance.now() - startedMs) / 100) / 10;
  tell({ total, enqueued, done, failed, refused, seconds }, options, () => {
    return `${done} of ${total} tasks done in ${seconds} s, ${failed} failed, ${refused} refused`;
  });
  if (done < total) process.exitCode = 1;
}
