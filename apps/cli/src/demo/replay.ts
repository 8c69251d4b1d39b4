import { setTimeout as sleep } from 'node:timers/promises';
import type { Shunt } from '@shunt/sdk';
import type { TraceTask } from '@shunt/workload';

/** How to replay a trace. */
export interface ReplayOptions {
  /** How many times faster than it was recorded. */
  readonly speed: number;
  /** What a millisecond of the trace's cost takes here. */
  readonly costScale: number;
  /** How often the trace is replayed, one after the other; null for until the signal aborts. */
  readonly rounds: number | null;
  readonly signal: AbortSignal;
}

/** What became of the tasks of a replay so far, as their producer sees it. */
export interface Tally {
  /** Of the rounds that are known: all of them, or those that have begun. */
  total: number;
  /** Rounds that have begun. */
  rounds: number;
  /** Redis has them. */
  enqueued: number;
  /** Redis did not take them, or its answer did not come. */
  refused: number;
  /** Their results arrived. */
  done: number;
  /** They failed for good. */
  failed: number;
  /** When the first result arrived, in ms since this process began; null before. */
  firstDoneMs: number | null;
}

/** Longer than any task of the demo waits and runs. */
const resultTimeout = '10m';

/** Enqueues a trace's tasks at their times, open loop: a late answer delays no later task. Follows each to its result. */
export class Replay {
  readonly tally: Tally;

  constructor(
    private readonly client: Shunt,
    private readonly tasks: readonly TraceTask[],
    private readonly options: ReplayOptions,
  ) {
    this.tally = {
      total: tasks.length * (options.rounds ?? 1),
      rounds: 0,
      enqueued: 0,
      refused: 0,
      done: 0,
      failed: 0,
      firstDoneMs: null,
    };
  }

  /** Whether every task has come to an end. */
  get isOver(): boolean {
    const { total, refused, done, failed } = this.tally;
    return refused + done + failed >= total;
  }

  /** Resolves when the last task was sent, or at once when the signal aborts. */
  async run(): Promise<void> {
    const { speed, rounds, signal } = this.options;
    const startedMs = performance.now();
    const roundMs = this.tasks.at(-1)?.tMs ?? 0;
    for (let round = 0; round < (rounds ?? Number.POSITIVE_INFINITY); round++) {
      this.tally.rounds = round + 1;
      if (rounds === null) this.tally.total = this.tasks.length * (round + 1);
      for (const task of this.tasks) {
        const waitMs = (round * roundMs + task.tMs) / speed - (performance.now() - startedMs);
        if (waitMs > 1) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return;
        void this.follow(task);
      }
    }
  }

  private async follow({ agent, costMs }: TraceTask): Promise<void> {
    const { tally, client, options } = this;
    const input = { ms: Math.max(1, Math.round(costMs * options.costScale)) };
    const enqueued = client.enqueue('sleep', input, { agentId: agent, attempts: 3, keep: { completed: 1000 } });
    const handle = await enqueued.catch(() => null);
    if (handle === null) {
      tally.refused++;
      return;
    }
    tally.enqueued++;
    const isDone = await handle.result({ timeout: resultTimeout }).then(
      () => true,
      () => false,
    );
    if (isDone) tally.done++;
    else tally.failed++;
    if (isDone) tally.firstDoneMs ??= performance.now();
  }
}
