import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type Job, type Processor, Worker, type WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { openPatientRedis } from './connection.js';
import { KEY_PREFIX, type PoolKeys, poolKeys } from './keys.js';
import { type AgentOfTask, type LaneBackend, laneBackendFactory } from './lane-backend.js';
import { LoadCounters } from './load-counters.js';
import { retire } from './moves.js';
import { heartbeat, join, leave, type Registration, type WorkerIdentity } from './registry.js';
import { defineScripts } from './script-runner.js';
import { ShuntError } from './shunt-error.js';

/** Options of a lane worker besides BullMQ's own. All durations in ms. */
export interface LaneWorkerOptions extends WorkerOptions {
  /** Names the lane; keep it across restarts to keep warm agents. Defaults to `<host>-<pid>-<random>`. */
  readonly workerId?: string;
  /** Relative capacity. Defaults to 1. */
  readonly weight?: number;
  /** How long an idle agent keeps its home. Defaults to 15 minutes. */
  readonly sessionTtl?: number;
  /** How long a worker that stopped beating keeps receiving. Defaults to 10 s. */
  readonly lease?: number;
  /** Time between heartbeats. Defaults to 2 s. */
  readonly heartbeat?: number;
}

interface Identified {
  readonly who: WorkerIdentity;
  readonly redis: Redis;
  readonly ownsRedis: boolean;
  readonly backends: LaneBackend[];
}

const workerIdPattern = /^[A-Za-z0-9_.-]{1,64}$/;

function identify(opts: LaneWorkerOptions): Identified {
  const worker = opts.workerId ?? `${hostname()}-${process.pid}-${randomUUID().slice(0, 4)}`.replace(/[^\w.-]/g, '-');
  if (!workerIdPattern.test(worker)) {
    throw new ShuntError('INVALID_CONFIG', 'workerId must be 1 to 64 characters of A-Z, a-z, 0-9, "_", "." and "-"');
  }
  if (opts.limiter) {
    throw new ShuntError(
      'INVALID_CONFIG',
      'limiter: a rate limit is not supported by lane workers; limit in the handler',
    );
  }
  const { connection } = opts;
  const ownsRedis = !(connection instanceof Redis);
  const redis = ownsRedis ? openPatientRedis(targetOf(connection as never)) : connection;
  if (!ownsRedis) defineScripts(redis);
  return { who: { worker, incarnation: randomUUID() }, redis, ownsRedis, backends: [] };
}

function targetOf(connection: { url?: string } & Record<string, unknown>) {
  const { url, ...rest } = connection;
  return url === undefined ? rest : url;
}

/**
 * A BullMQ worker that serves one lane of a pool: it fetches its own agents' tasks and unowned ones, and ends each task
 * together with releasing its agent's next. A drop-in for `Worker`, also as Nest's `BullModule.workerClass`.
 *
 * `name` is the pool's BullMQ queue name, `{agents}`; `prefix` defaults to `shunt`.
 */
// biome-ignore lint/suspicious/noExplicitAny: BullMQ's own defaults, so that Nest accepts the class
export class LaneWorker<Data = any, Result = any, Name extends string = string> extends Worker<Data, Result, Name> {
  readonly workerId: string;
  private readonly lane: Identified;
  private readonly poolOf: PoolKeys;
  private readonly laneOpts: LaneWorkerOptions;
  private readonly counters = new LoadCounters();
  private beating: NodeJS.Timeout | undefined;
  private isDraining = false;
  private hasLeft = false;
  private stopped: Promise<void> | undefined;

  constructor(name: string, processor: string | URL | null | Processor<Data, Result, Name>, opts: LaneWorkerOptions) {
    const prefix = opts.prefix ?? KEY_PREFIX;
    const lane = identify(opts);
    const sessionTtlMs = opts.sessionTtl ?? 15 * 60_000;
    const factory = laneBackendFactory({ ...lane.who, redis: lane.redis, sessionTtlMs }, lane.backends);
    const base = {
      runRetryDelay: 1000,
      ...opts,
      prefix,
      connection: lane.redis,
      autorun: false,
      skipStalledCheck: true,
    };
    super(name, processor, base, factory);
    this.lane = lane;
    this.workerId = lane.who.worker;
    this.poolOf = poolKeys(name, prefix);
    this.laneOpts = opts;
    this.count();
    if (processor !== null && (opts.autorun ?? true)) this.run().catch((error) => this.emit('error', error));
  }

  /** Fence and warmth of a task this worker runs. */
  agentOf(task: string): AgentOfTask | undefined {
    return this.lane.backends[0]?.agentOf(task);
  }

  /** Number of tasks this worker runs now. */
  get runningCount(): number {
    return this.lane.backends[0]?.runningCount ?? 0;
  }

  /** Registers this life of the worker, then fetches until closed. */
  override async run(): Promise<void> {
    const { lane, poolOf } = this;
    await join(lane.redis, poolOf, lane.who, this.registration(), this.leaseMs);
    if (this.stopped) return;
    void this.beat();
    await super.run();
  }

  /** Gives its waiting tasks back, waits for the running ones unless forced, and ends the registration. */
  override close(force = false): Promise<void> {
    this.stopped ??= this.stop(force);
    return this.stopped;
  }

  private async stop(force: boolean): Promise<void> {
    const { lane, poolOf } = this;
    this.isDraining = true;
    const isReachable = lane.redis.status === 'ready';
    if (isReachable) await retire(lane.redis, poolOf, lane.who.worker);
    await super.close(force);
    this.hasLeft = true;
    clearTimeout(this.beating);
    if (isReachable && !force) {
      await this.report();
      await retire(lane.redis, poolOf, lane.who.worker);
      await leave(lane.redis, poolOf, lane.who);
    }
    if (lane.ownsRedis) lane.redis.disconnect();
  }

  private get leaseMs(): number {
    return this.laneOpts.lease ?? 10_000;
  }

  private registration(): Registration {
    return { slots: this.concurrency, weight: this.laneOpts.weight ?? 1, host: hostname(), pid: process.pid };
  }

  private count(): void {
    this.on('active', (job: Job) => {
      const { attemptsStarted, processedOn = 0, timestamp, delay, id = '' } = job;
      const agent = this.agentOf(id);
      const home = agent && agent.agent !== '' ? agent.home : 'none';
      this.counters.started(home, attemptsStarted === 1 ? Math.max(0, processedOn - timestamp - (delay ?? 0)) : null);
    });
    this.on('completed', () => this.counters.ended('completed'));
    this.on('failed', () => this.counters.ended('failed'));
  }

  private async beat(): Promise<void> {
    try {
      const isRegistered = await this.report();
      if (!isRegistered && !this.isDraining) this.replaced();
    } catch (error) {
      this.emit('error', error as Error);
    }
    if (!this.hasLeft) this.beating = setTimeout(() => this.beat(), this.laneOpts.heartbeat ?? 2000);
  }

  private report(): Promise<boolean> {
    const { lane, poolOf, counters, isDraining } = this;
    const { incarnation } = lane.who;
    const load = { ...counters.counts(), incarnation, running: this.runningCount, isDraining };
    return heartbeat(lane.redis, poolOf, lane.who, load, this.leaseMs, isDraining ? 0 : this.concurrency);
  }

  private replaced(): void {
    this.isDraining = true;
    this.emit('error', new Error(`worker ${this.workerId} was started again elsewhere; this one takes no more tasks`));
    this.pause(true).catch((error) => this.emit('error', error));
  }
}
