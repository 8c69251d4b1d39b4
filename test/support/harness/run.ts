import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPatientRedis, parseTaskId, poolKeys, queueNameOf } from '@shunt/lanes';
import { connect } from '@shunt/sdk';
import { Queue } from 'bullmq';
import type { HistoryEvent } from '../history/events.js';
import { readHistory } from '../history/reader.js';
import { type History, openHistory } from '../history/writer.js';
import { leftovers } from './leftovers.js';
import { Processes } from './processes.js';
import { type Submission, submit, throughQueue, throughSdk } from './producer.js';
import { followEvents, followJournal } from './stream-follower.js';
import type { WorkerTask } from './worker-task.js';

/** What takes part in a run. */
export interface RunOptions {
  readonly redisUrl: string;
  /** Worker processes. Defaults to 4. */
  readonly workers?: number;
  /** Tasks that one worker runs at once. Defaults to 8. */
  readonly slots?: number;
  /** Dispatcher processes. Defaults to 1. */
  readonly dispatchers?: number;
  /** Defaults to `lane`. Plain workers take what a plain producer adds. */
  readonly kind?: WorkerTask['kind'];
  /** Time between heartbeats and lease, of dispatchers as well. Default to 500 ms and 10 s. */
  readonly timing?: { readonly heartbeat: string; readonly lease: string };
  /** Where the processes and the producer find Redis, if not where the observers do: behind a faulty network. */
  readonly faultyUrl?: string;
}

/** Events are kept for the whole run, not only the last 10,000: an observer must not miss one. */
const keptEvents = 5_000_000;
/** A run in which nothing was settled for so long is over; the check then tells what is missing. */
const stalledMs = 20_000;

/** A run of a pool of its own: real processes, a producer, observers, and the history of all of them. */
export class Run {
  readonly pool = `run-${randomUUID().slice(0, 8)}`;
  readonly keys = poolKeys(queueNameOf(this.pool));
  /** A connection of the observer's. */
  readonly redis;
  /** How many tasks were seen to be settled. */
  settled = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), 'shunt-run-'));
  private readonly files: string[] = [];
  private readonly processes = new Processes();
  private readonly history: History;
  private readonly followers;
  private readonly client;
  private readonly queue;
  private readonly enqueue;
  private submitted = 0;
  private lives = 0;
  private readonly settledOf = new Map<string, number>();

  private constructor(private readonly options: RunOptions) {
    const { redisUrl, faultyUrl = redisUrl, kind = 'lane' } = options;
    this.redis = openPatientRedis(redisUrl);
    this.redis.on('error', () => undefined);
    this.history = openHistory(this.file('observer'));
    this.followers = {
      events: followEvents(redisUrl, this.keys, this.history, (task) => {
        this.settled++;
        const agent = parseTaskId(task)?.agentKey ?? '';
        this.settledOf.set(agent, (this.settledOf.get(agent) ?? 0) + 1);
      }),
      journal: followJournal(redisUrl, this.keys, this.history),
    };
    this.client = connect({ redis: faultyUrl, pool: this.pool, timeout: '30s' });
    this.queue = new Queue(queueNameOf(this.pool), { prefix: 'shunt', connection: { url: redisUrl } as never });
    this.queue.on('error', () => undefined);
    this.enqueue = kind === 'lane' ? throughSdk(this.client) : throughQueue(this.queue);
  }

  /** Starts the processes of a run. */
  static async start(options: RunOptions): Promise<Run> {
    const { workers = 4, dispatchers = 1 } = options;
    const run = new Run(options);
    await run.redis.hset(run.keys.of('meta'), 'opts.maxLenEvents', keptEvents);
    await Promise.all([
      ...Array.from({ length: workers }, (_, nth) => run.startWorker(`w${nth + 1}`)),
      ...Array.from({ length: dispatchers }, (_, nth) => run.startDispatcher(`d${nth + 1}`)),
    ]);
    return run;
  }

  /** Starts a worker, or a new life of one that was killed. */
  startWorker(id: string): Promise<void> {
    const { redisUrl, faultyUrl = redisUrl, slots = 8, kind = 'lane' } = this.options;
    const history = this.file(`${id}-${++this.lives}`);
    const timing = this.options.timing ?? { heartbeat: '500ms', lease: '10s' };
    return this.processes.worker({ redisUrl: faultyUrl, pool: this.pool, id, slots, kind, history, ...timing });
  }

  /** Starts a dispatcher. */
  startDispatcher(name: string): Promise<void> {
    const { redisUrl, faultyUrl = redisUrl, timing } = this.options;
    const settings = timing === undefined ? {} : { SHUNT_LEASE: timing.lease };
    return this.processes.dispatcher(name, faultyUrl, this.pool, settings);
  }

  /** Kills a process, and writes so before. */
  async kill(name: string): Promise<void> {
    this.fault('kill', name, name);
    await this.processes.kill(name);
  }

  /** Stops a process for a time, and writes so before and after. */
  async freeze(name: string, ms: number): Promise<void> {
    this.fault('stop', name, name);
    this.processes.signal(name, 'SIGSTOP');
    await sleep(ms);
    this.fault('continue', name, name);
    this.processes.signal(name, 'SIGCONT');
  }

  /** Submits one task; never throws, the history says what became of the call. */
  submit(submission: Submission): Promise<void> {
    this.submitted++;
    return submit(this.history, this.enqueue, submission);
  }

  /** Writes that a fault is about to be injected, into one worker or into all. */
  fault(name: string, detail: string, worker?: string): void {
    this.history.write({ e: 'fault', name, detail, ...(worker === undefined ? {} : { worker }) });
  }

  /** How many tasks of an agent were seen to be settled. */
  settledBy(agent: string): number {
    return this.settledOf.get(agent) ?? 0;
  }

  /** Resolves once so many tasks are settled, by default all that were submitted; or once none was for 20 s. */
  async untilSettled(count = this.submitted, settled = () => this.settled): Promise<void> {
    let seen = 0;
    for (let sinceMs = performance.now(); settled() < count; await sleep(10)) {
      if (settled() === seen && performance.now() - sinceMs > stalledMs) return;
      if (settled() === seen) continue;
      seen = settled();
      sinceMs = performance.now();
    }
  }

  /** Stops the processes, counts what is left, and resolves to the history. */
  async finish(): Promise<HistoryEvent[]> {
    try {
      await this.processes.stop();
      this.history.write({ e: 'final', counts: await leftovers(this.redis, this.keys) });
    } finally {
      await this.close();
    }
    const events = readHistory(this.files);
    rmSync(this.folder, { recursive: true });
    return events;
  }

  private async close(): Promise<void> {
    await Promise.all([this.followers.events.close(), this.followers.journal.close()]);
    this.client.close();
    await this.queue.close();
    this.redis.disconnect();
    this.history.close();
  }

  private file(name: string): string {
    const file = join(this.folder, name);
    this.files.push(file);
    return file;
  }
}
