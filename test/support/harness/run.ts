import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPatientRedis, poolKeys, queueNameOf } from '@shunt/lanes';
import type { FaultEvent, HistoryEvent } from '../history/events.js';
import { readHistory } from '../history/reader.js';
import { type History, openHistory } from '../history/writer.js';
import { leftovers } from './leftovers.js';
import { Lines } from './lines.js';
import { Observers } from './observers.js';
import { type Ending, Processes } from './processes.js';
import { Producer, type Submission } from './producer.js';
import type { RunOptions } from './run-options.js';
import type { WorkerTask } from './worker-task.js';

export type { RunOptions } from './run-options.js';

/** Events are kept for the whole run, not only the last 10,000: an observer must not miss one. */
const keptEvents = 5_000_000;

/** A run of a pool of its own: real processes, a producer, observers, and the history of all of them. */
export class Run {
  readonly pool = `run-${randomUUID().slice(0, 8)}`;
  readonly keys = poolKeys(queueNameOf(this.pool));
  /** A connection of the observer's. */
  readonly redis;
  readonly processes: Processes;
  /** The faulty network, if the run has one. */
  readonly lines: Lines;
  private readonly folder = mkdtempSync(join(tmpdir(), 'shunt-run-'));
  private readonly files: string[] = [];
  private readonly history: History;
  private readonly observers: Observers;
  private readonly endpoints = new Map<string, string>();
  private producer: Producer | undefined;
  private effectPort: number | undefined;
  private faults = 0;
  private lives = 0;

  private constructor(private readonly options: RunOptions) {
    const { redisUrl } = options;
    this.redis = openPatientRedis(redisUrl);
    this.redis.on('error', () => undefined);
    this.processes = new Processes(options.builtFolder);
    this.lines = new Lines(redisUrl);
    this.history = openHistory(this.file('observer'));
    this.observers = new Observers(redisUrl, this.keys, this.history);
  }

  /** Starts the processes of a run. */
  static async start(options: RunOptions): Promise<Run> {
    const { workers = 4, dispatchers = 1 } = options;
    const run = new Run(options);
    await run.redis.hset(run.keys.of('meta'), 'opts.maxLenEvents', keptEvents);
    if (options.hasEffects) run.effectPort = await run.processes.effectStore(run.file('effects'));
    run.producer = new Producer(run.history, run.pool, await run.urlOf('producer'), options);
    await Promise.all([
      ...Array.from({ length: workers }, (_, nth) => run.startWorker(`w${nth + 1}`)),
      ...Array.from({ length: dispatchers }, (_, nth) => run.startDispatcher(`d${nth + 1}`)),
    ]);
    return run;
  }

  /** How many tasks were seen to be settled. */
  get settled(): number {
    return this.observers.settled;
  }

  /** How many tasks of an agent were seen to be settled. */
  settledBy(agent: string): number {
    return this.observers.settledBy(agent);
  }

  /** How many tasks were submitted. */
  get submitted(): number {
    return this.producer?.submitted ?? 0;
  }

  /** Starts a worker, or a new life of one that was killed; under a name of its own when two have the same id. */
  async startWorker(id: string, name = id): Promise<void> {
    await this.processes.worker(await this.taskOf(id), name);
  }

  /** Starts a life of a worker that ends itself before it has begun. Resolves to how it ended. */
  async startDoomedWorker(id: string, diesBefore: 'join' | 'heartbeat'): Promise<Ending> {
    return this.processes.doomedWorker({ ...(await this.taskOf(id)), diesBefore });
  }

  private async taskOf(id: string): Promise<WorkerTask> {
    const { slots = 8, kind = 'lane', timing = { heartbeat: '500ms', lease: '10s' } } = this.options;
    const history = this.file(`${id}-${++this.lives}`);
    const effects = this.effectPort === undefined ? {} : { effectPort: this.effectPort };
    const redisUrl = await this.urlOf(id);
    return { redisUrl, pool: this.pool, id, slots, kind, history, ...timing, ...effects };
  }

  /** Starts a dispatcher. */
  async startDispatcher(name: string): Promise<void> {
    const { timing } = this.options;
    const settings = timing === undefined ? {} : { SHUNT_LEASE: timing.lease };
    this.endpoints.set(name, await this.processes.dispatcher(name, await this.urlOf(name), this.pool, settings));
  }

  /** Where a dispatcher's endpoints are. */
  endpointOf(dispatcher: string): string {
    return this.endpoints.get(dispatcher) ?? '';
  }

  /** Submits one task; never throws, the history says what became of the call. */
  async submit(submission: Submission): Promise<void> {
    await this.producer?.submit(submission);
  }

  /** Has a submitted task cancelled; never throws. */
  async cancel(submission: Submission): Promise<void> {
    await this.producer?.cancel(submission);
  }

  /** Writes that a fault is about to be injected, into one worker or into all, which needs no proof. */
  fault(name: string, detail: string, worker?: string): void {
    this.history.write({ e: 'fault', name, detail, ...(worker === undefined ? {} : { worker }) });
  }

  /** As {@link fault}, for one that cuts a worker off but lets it run. */
  faultOfNetwork(name: string, worker: string): void {
    this.history.write({ e: 'fault', name, detail: worker, worker, isNetwork: true });
  }

  /** As {@link fault}, for one that must be proved. Returns its number. */
  faultToProve(fault: Omit<FaultEvent, 'e' | 't' | 'pid' | 'n'>): number {
    const n = ++this.faults;
    this.history.write({ e: 'fault', n, ...fault });
    return n;
  }

  /** Writes by what a fault was seen to have taken place. */
  prove(n: number, seen: string): void {
    this.history.write({ e: 'proof', n, seen });
  }

  /** Resolves once so many tasks are settled, by default all that were submitted; or once the run is stalled. */
  async untilSettled(count = this.submitted, settled = () => this.settled): Promise<void> {
    const { stalledMs = 20_000 } = this.options;
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

  private async urlOf(name: string): Promise<string> {
    const { redisUrl, faultyUrl = redisUrl, hasLines = false } = this.options;
    return hasLines ? (await this.lines.of(name)).url : faultyUrl;
  }

  private async close(): Promise<void> {
    await this.observers.close();
    await this.producer?.close();
    await this.lines.close();
    this.redis.disconnect();
    this.history.close();
  }

  private file(name: string): string {
    const file = join(this.folder, name);
    this.files.push(file);
    return file;
  }
}
