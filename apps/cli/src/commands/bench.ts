import { createHistogram } from 'node:perf_hooks';
import { type Shunt, ShuntError, type TaskHandle } from '@shunt/sdk';
import progress from 'cli-progress';
import type { Command } from 'commander';
import { wholeNumber } from '../numbers.js';
import { type OutputOptions, tell, withOutput } from '../output.js';
import { withClient } from '../pool-command.js';
import { orStopped, stopping } from '../stopping.js';

interface BenchOptions extends OutputOptions {
  readonly task: string;
  readonly tasks: number;
  readonly open: number;
  readonly agents: number;
}

/** What a pool gave. Times are from the call of `enqueue` to the result at the caller. */
interface Measured {
  readonly tasks: number;
  readonly failed: number;
  /** While so many were open at a time: their producer waits for the result of one before it enqueues another. */
  readonly endedPerSecond: number;
  readonly open: number;
  /** One task after the other, none beside it. */
  readonly roundTripMs: { readonly p50: number; readonly p99: number };
}

/** Tasks sent one after the other, on top. */
const alone = 200;

/** Adds `bench`. */
export function addBench(command: Command): void {
  withOutput(command)
    .option('--task <name>', 'what to enqueue: something that takes no time, and that every worker has', 'echo')
    .option('--tasks <n>', 'how many', wholeNumber(1, 1_000_000), 10_000)
    .option('--open <n>', 'how many of them at a time', wholeNumber(1, 10_000), 1000)
    .option('--agents <n>', 'how many agents they are of', wholeNumber(1, 1_000_000), 1000)
    .action(async (options: BenchOptions) => {
      const measured = await withClient(options, async (client) => {
        await assertServed(client);
        return orStopped(stopping(), new Bench(client, options).run());
      });
      if (measured === null) return;
      tell(measured, options, () => inWords(measured));
      if (measured.failed > 0) process.exitCode = 1;
    });
}

/** @throws ShuntError CONFLICT when tasks would wait for ever */
async function assertServed(client: Shunt): Promise<void> {
  const workers = await client.workers.list();
  if (workers.some(({ isRoutable }) => isRoutable)) return;
  throw new ShuntError('CONFLICT', 'no worker of the pool may receive tasks: start one, or see `shunt workers ls`');
}

/** Loads a pool with tasks that do nothing, and follows each to its result. */
class Bench {
  private readonly bar = new progress.SingleBar(
    { format: '{bar} {value}/{total} ended, {failed} failed', clearOnComplete: true },
    progress.Presets.shades_classic,
  );
  private failed = 0;

  constructor(
    private readonly client: Shunt,
    private readonly options: BenchOptions,
  ) {}

  async run(): Promise<Measured> {
    const { tasks, open } = this.options;
    this.bar.start(tasks + alone, 0, { failed: 0 });
    try {
      const startMs = performance.now();
      await this.sideBySide();
      const endedPerSecond = Math.round((1000 * tasks) / (performance.now() - startMs));
      const roundTripMs = await this.oneByOne();
      return { tasks: tasks + alone, failed: this.failed, endedPerSecond, open, roundTripMs };
    } finally {
      this.bar.stop();
    }
  }

  private async sideBySide(): Promise<void> {
    const { tasks, open } = this.options;
    let sent = 0;
    const producer = async () => {
      while (sent < tasks) await this.end(await this.enqueue(sent++));
    };
    await Promise.all(Array.from({ length: open }, producer));
  }

  private async oneByOne(): Promise<Measured['roundTripMs']> {
    const histogram = createHistogram();
    for (let n = 0; n < alone; n++) {
      const startMs = performance.now();
      await this.end(await this.enqueue(n));
      histogram.record(Math.max(1, Math.round((performance.now() - startMs) * 1000)));
    }
    const ms = (percent: number) => Math.round(histogram.percentile(percent) / 10) / 100;
    return { p50: ms(50), p99: ms(99) };
  }

  private enqueue(n: number): Promise<TaskHandle> {
    const { task, agents } = this.options;
    return this.client.enqueue(
      task,
      { n },
      { agentId: `bench-${n % agents}`, keep: { completed: false, failed: false } },
    );
  }

  private async end(handle: TaskHandle): Promise<void> {
    const isDone = await handle.result({ timeout: '10m' }).then(
      () => true,
      () => false,
    );
    if (!isDone) this.failed++;
    this.bar.increment(1, { failed: this.failed });
  }
}

function inWords({ tasks, failed, endedPerSecond, open, roundTripMs }: Measured): string {
  return [
    `${endedPerSecond} tasks/s, ${open} open at a time`,
    `${roundTripMs.p50} ms from enqueue to result alone, ${roundTripMs.p99} ms at the 99th percentile of ${alone}`,
    `${failed} of ${tasks} tasks failed`,
  ].join('\n');
}
