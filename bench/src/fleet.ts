import { type ChildProcess, fork, type StdioOptions } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { latestRunsDescriptor, openLatestRuns } from './latest-runs.js';
import { systems } from './systems/index.js';
import type { SystemName } from './systems/system.js';
import type { WarmColdOptions } from './warm-state.js';

/** What a child process is told to be. */
export interface ChildTask {
  readonly role: 'worker' | 'dispatcher';
  readonly system: SystemName;
  readonly redisUrl: string;
  readonly index: number;
  readonly workers: number;
  readonly slots: number;
  /** Whether to keep a record of each task. */
  readonly records: boolean;
  readonly warmCold?: WarmColdOptions;
  /** Whether handlers take an agent's tasks in turn. Defaults to false. */
  readonly isInTurn?: boolean;
}

/**
 * One task as its worker saw it: agent, enqueued, started and ended in us, 1 when warm, number of the worker. It starts with its handler, or once
 * another task has loaded the state of its agent.
 */
export type Record = [
  agent: string,
  enqueuedUs: number,
  startedUs: number,
  endedUs: number,
  isWarm: 0 | 1,
  worker: number,
];

type Message = { kind: 'ready' } | { kind: 'ran'; ran: number } | { kind: 'records'; records: Record[] };

const child = fileURLToPath(new URL('./child.js', import.meta.url));

/** The worker processes of one system, and its dispatcher. */
export class BenchFleet {
  private readonly children: ChildProcess[] = [];
  private readonly ranBy = new Map<ChildProcess, number>();
  private readonly progress = new EventEmitter<{ ran: [] }>().setMaxListeners(0);
  private readonly latestRuns = openLatestRuns();

  private constructor() {}

  /** Starts everything and waits until it is ready. */
  static async start(options: Omit<ChildTask, 'role' | 'index'>): Promise<BenchFleet> {
    const fleet = new BenchFleet();
    const tasks: ChildTask[] = Array.from({ length: options.workers }, (_, index) => ({
      ...options,
      role: 'worker',
      index,
    }));
    if (systems[options.system].dispatcher) tasks.push({ ...options, role: 'dispatcher', index: 0 });
    await Promise.all(tasks.map((task) => fleet.fork(task)));
    return fleet;
  }

  /** Tasks run so far. */
  get ran(): number {
    return [...this.ranBy.values()].reduce((sum, ran) => sum + ran, 0);
  }

  /** Resolves once `count` tasks were run. */
  async untilRan(count: number): Promise<void> {
    while (this.ran < count) await once(this.progress, 'ran');
  }

  /** Takes every worker's records. */
  async records(): Promise<Record[]> {
    const all = await Promise.all(
      this.children.map((process) => {
        const told = recordsOf(process);
        process.send('records');
        return told;
      }),
    );
    return all.flat();
  }

  /** Stops every process. */
  async stop(): Promise<void> {
    await Promise.all(
      this.children.map(async (process) => {
        const exited = once(process, 'exit');
        process.send('stop');
        await exited;
      }),
    );
    closeSync(this.latestRuns);
  }

  private async fork(task: ChildTask): Promise<void> {
    const stdio: StdioOptions = ['ignore', 'inherit', 'inherit', 'ipc'];
    stdio[latestRunsDescriptor] = this.latestRuns;
    const process = fork(child, [JSON.stringify(task)], { stdio });
    this.children.push(process);
    const ready = once(process, 'message');
    process.on('message', (message: Message) => {
      if (message.kind !== 'ran') return;
      this.ranBy.set(process, message.ran);
      this.progress.emit('ran');
    });
    await ready;
  }
}

/** The next records a process tells; it may tell how much it ran before. */
function recordsOf(process: ChildProcess): Promise<Record[]> {
  return new Promise((resolve) => {
    const listen = (message: Message) => {
      if (message.kind !== 'records') return;
      process.off('message', listen);
      resolve(message.records);
    };
    process.on('message', listen);
  });
}
