import { hostname } from 'node:os';
import type { SelfRules } from '@shunt/health';
import { type Job, Worker, type WorkerOptions } from 'bullmq';
import { type AgentRelease, AgentReleases } from './agent-releases.js';
import { longestBlockMs } from './connection.js';
import { endsWithin } from './ends-within.js';
import { HandOff } from './hand-off.js';
import { Heartbeats } from './heartbeats.js';
import { claimId } from './id-claim.js';
import { KEY_PREFIX, type PoolKeys, poolKeys } from './keys.js';
import { type AgentOfTask, laneBackendFactory } from './lane-backend.js';
import { type Identified, identify } from './lane-identity.js';
import { type AnyProcessor, guarded } from './lane-processor.js';
import { dropStates, evict } from './moves.js';
import { Notices } from './notices.js';
import { Orphans } from './orphans.js';
import { patiently, refusedMs } from './patience.js';
import { PoolConfigWatcher } from './pool-config/config-watcher.js';
import { type WorkerTuning, workerTuning } from './pool-config/worker-tuning.js';
import { assertFit } from './redis-fitness.js';
import { defaultMaxStalledCount, type HeartbeatReply, heartbeat, join, leave } from './registry.js';
import { ShuntError } from './shunt-error.js';
import { Vitals } from './vitals.js';
import { WorkerLife } from './worker-life.js';

/** Options of a lane worker besides BullMQ's own. All durations in ms. */
export interface LaneWorkerOptions extends WorkerOptions {
  /** Names the lane; keep it across restarts to keep warm agents. Defaults to `<host>-<pid>-<random>`. */
  readonly workerId?: string;
  /** Relative capacity. Defaults to 1. */
  readonly weight?: number;
  /** Where it is, for the strategy `intelligent`. Defaults to nowhere. */
  readonly zone?: string | undefined;
  /** What tasks may require of it, such as `{ gpu: 'a100' }`. Defaults to none. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** How long an idle agent keeps its home. Defaults to 15 minutes. */
  readonly sessionTtl?: number;
  /**
   * How long a worker may run tasks after its last heartbeat. Then it aborts them by itself, and its tasks go to others.
   * Defaults to 10 s.
   */
  readonly lease?: number;
  /** Time between heartbeats. Defaults to 2 s. */
  readonly heartbeat?: number;
  /** From when on it takes itself for sick, `false` for never. What is not said is as in the `adaptive` preset. */
  readonly breaker?: Partial<SelfRules> | false;
  /** URL by which the dispatcher may ask whether it is well. */
  readonly healthUrl?: string;
  /** How many agents' states it can hold: beyond it the least recently served idle one loses its home. Defaults to no limit. */
  readonly maxAgents?: number | undefined;
  /** Called when it need not hold an agent's state any more; the state has ended when what it returns resolves. */
  readonly onAgentRelease?: (release: AgentRelease) => unknown;
  /** Whether it holds states, so that an agent's next home waits until it has ended its own. Defaults to false. */
  readonly holdsStates?: boolean;
  /** Called when it stops, once the last task has ended; the worker is there until what it returns resolves. */
  readonly onTasksEnded?: () => Promise<void>;
  /** How long it waits for the workers from which an agent comes to end their states. Defaults to 5 s. */
  readonly handOffTimeout?: number;
}

/** Reason of the signal of tasks whose worker has lost its right to run them. */
export const leaseLostReason = 'lease-lost';

/** Reason of the signal of a task that was cancelled while it ran. */
export const cancelledSignal = 'cancelled';

const unregistered: HeartbeatReply = {
  outcome: 'unregistered',
  isStuck: false,
  isStraggler: false,
  cancels: [],
  closes: [],
};

/** How long a worker that stops waits for Redis to hear it. */
const lastWordMs = 3000;
const defaultLeaseMs = 10_000;
const defaultHandOffMs = 5000;

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
  private readonly life: WorkerLife;
  private readonly poolOf: PoolKeys;
  private readonly laneOpts: LaneWorkerOptions;
  private readonly vitals: Vitals;
  /** What the pool's configuration makes of its options. */
  readonly config: PoolConfigWatcher<WorkerTuning>;
  private readonly heartbeats: Heartbeats;
  private readonly handOff: HandOff;
  private notices: Notices | undefined;
  private readonly orphans = new Orphans();
  /** Whether it takes work: not while it is paused, closing or replaced. */
  private isReceiving = true;
  private stopped: Promise<void> | undefined;
  /** Tasks it aborted since the last heartbeat that was answered. */
  private aborted: readonly string[] = [];
  private readonly releases: AgentReleases;
  private readonly ended = new AbortController();
  private fail: (error: Error) => void = () => undefined;
  /** Rejects when another life of the worker has taken over. */
  private readonly failed = new Promise<never>((_, reject) => {
    this.fail = reject;
  });

  constructor(name: string, processor: AnyProcessor<Data, Result, Name>, opts: LaneWorkerOptions) {
    const prefix = opts.prefix ?? KEY_PREFIX;
    const lane = identify(opts);
    const life: WorkerLife = new WorkerLife(lane.worker, opts.lease ?? defaultLeaseMs, () => this.abandon());
    const heartbeatMs = opts.heartbeat ?? 2000;
    const onError = (error: Error) => this.emit('error', error);
    const config = new PoolConfigWatcher(lane.redis, poolKeys(name, prefix), {
      tune: (told) => workerTuning(opts, told),
      onRefused: onError,
    });
    const vitals = new Vitals({
      tuning: config,
      holdMs: heartbeatMs,
      agentOf: (task) => lane.backends[0]?.agentOf(task),
      onChange: () => this.heartbeats.now(),
    });
    const onEnded = () => {
      if (opts.holdsStates) this.heartbeats.now();
    };
    const releases = new AgentReleases(opts.onAgentRelease ?? (() => undefined), onEnded, onError);
    const ours = {
      life,
      redis: lane.redis,
      tuning: config,
      hasLabels: Object.keys(opts.labels ?? {}).length > 0,
      mayFetch: () => vitals.mayFetch,
      isStraggler: () => vitals.pace.isStraggler,
      onRefused: onError,
      maxAgents: opts.maxAgents,
      onRelease: (told: readonly string[]) => releases.take(told),
    };
    const factory = laneBackendFactory(ours, lane.backends);
    const own = { prefix, connection: lane.redis, autorun: false, skipStalledCheck: true };
    const assertHeld = (task: string, token: string) => lane.backends[0]?.assertHeld(task, token);
    const pace = { runRetryDelay: refusedMs, drainDelay: longestBlockMs / 1000 };
    super(name, guarded(processor, assertHeld), { ...pace, ...opts, ...own }, factory);
    this.lane = lane;
    this.life = life;
    this.releases = releases;
    this.workerId = lane.worker;
    this.poolOf = poolKeys(name, prefix);
    this.laneOpts = opts;
    this.heartbeats = new Heartbeats({
      intervalMs: heartbeatMs,
      beat: () => this.beat(),
      // Not after the beats between: looks at the slots must be so far apart that no answer is still under way.
      afterBeat: () => this.compare(),
      onError,
    });
    this.failed.catch(() => undefined);
    this.handOff = new HandOff(lane.redis, this.poolOf, opts.handOffTimeout ?? defaultHandOffMs);
    this.vitals = vitals;
    this.config = config;
    vitals.watch(this);
    if (processor !== null && (opts.autorun ?? true)) this.run().catch(onError);
  }

  /** Fence and warmth of a task this worker runs. */
  agentOf(task: string): AgentOfTask | undefined {
    return this.lane.backends[0]?.agentOf(task);
  }

  /**
   * Gives a task that it runs to another worker: its attempt does not count, and its agent loses this home. The processor
   * throws BullMQ's `WaitingError` then. Resolves to an empty list, or to the workers that refused this attempt when none is left
   * that did not: then nothing has changed, and the processor is to fail the attempt.
   *
   * @param token the processor's second argument
   */
  async refuse(job: Job, token = ''): Promise<readonly string[]> {
    return this.lane.backends[0]?.refuse(job.id ?? '', token) ?? [];
  }

  /**
   * Tells that it holds the states of agents no longer: they lose their home, and may go anywhere. Resolves to how many had
   * their home here.
   *
   * @param agents agent keys
   */
  async dropAgents(agents: readonly string[]): Promise<number> {
    return dropStates(this.lane.redis, this.poolOf, this.life, agents);
  }

  /**
   * Resolves once a task that it runs may begin: when the workers that held its agent's state have ended it, or have not in time, or
   * the signal is aborted. A processor of one's own that opens states awaits it first.
   */
  async handedOver(task: string, signal: AbortSignal): Promise<void> {
    const agent = this.agentOf(task);
    if (agent !== undefined) await this.handOff.settle(agent, signal);
  }

  /** How many agents it waited for that came from other workers, and how that ended. */
  get handOffs(): HandOff['outcomes'] {
    return this.handOff.outcomes;
  }

  /** Number of tasks this worker runs now. */
  get runningCount(): number {
    return this.lane.backends[0]?.runningCount ?? 0;
  }

  /**
   * Registers this life of the worker, then fetches until closed.
   *
   * @throws ShuntError INVALID_CONFIG for a Redis that is too old or, in production, evicts; CONFLICT when another
   *   process has this id and lives; LEASE_LOST when this one was silent for so long that another took its id: it is closed by
   *   then, and the signals of what it ran abort with `lease-lost`
   */
  override async run(): Promise<void> {
    await this.registerPatiently();
    if (this.stopped) return;
    this.heartbeats.start();
    if (this.laneOpts.holdsStates) {
      this.notices = new Notices(this.lane.redis, this.poolOf, this.workerId, () => this.heartbeats.now());
    }
    await Promise.race([this.serve(), this.failed]);
  }

  private async serve(): Promise<void> {
    await this.config.start();
    if (!this.stopped) await super.run();
  }

  /** Takes nothing new, and gives its waiting tasks to others. */
  override async pause(doNotWaitActive?: boolean): Promise<void> {
    this.isReceiving = false;
    await evict(this.lane.redis, this.poolOf, this.workerId);
    await super.pause(doNotWaitActive);
  }

  /** Takes work again. */
  override async resume(): Promise<void> {
    this.isReceiving = this.stopped === undefined;
    await super.resume();
    if (this.isRunning()) await this.beat();
  }

  /** @throws ShuntError INVALID_CONFIG always: lanes have no rate limit */
  override async rateLimit(_expireTimeMs: number): Promise<void> {
    throw new ShuntError('INVALID_CONFIG', 'lanes have no rate limit: use job.moveToDelayed and throw a DelayedError');
  }

  /**
   * Gives its waiting tasks back, waits for the running ones and ends the registration. Forced, also while a close is under
   * way, it waits for nothing: what runs stays this worker's until its next life.
   */
  override close(force = false): Promise<void> {
    if (force) {
      this.letGo();
      // BullMQ answers a second close with the first one, which may wait for ever.
      const isClosing = this.stopped !== undefined;
      this.stopped = isClosing ? this.lane.backends[0]?.close(true) : super.close(true);
      return Promise.resolve();
    }
    this.stopped ??= this.stop();
    return this.stopped;
  }

  /** Errors of Redis come without the command they answer: it may hold a password or a payload. */
  override emit: Worker<Data, Result, Name>['emit'] = (event, ...args) => {
    if (event === 'error') delete (args[0] as { command?: unknown } | undefined)?.command;
    return super.emit(event, ...args);
  };

  private async stop(): Promise<void> {
    const { lane, poolOf } = this;
    this.isReceiving = false;
    const wasHeard = await this.whileReachable(() => evict(lane.redis, poolOf, lane.worker));
    await super.close(!wasHeard && this.runningCount === 0);
    await this.laneOpts.onTasksEnded?.();
    await this.whileReachable(async () => {
      if ((await this.report()).outcome !== 'renewed') return;
      await evict(lane.redis, poolOf, lane.worker);
      // A beat that came after the end of its registration would take that for a loss.
      this.heartbeats.stop();
      await leave(lane.redis, poolOf, this.life);
    });
    this.letGo();
  }

  /** Beats no more, and lets go of Redis. */
  private letGo(): void {
    this.ended.abort();
    this.config.stop();
    this.heartbeats.stop();
    this.notices?.close();
    this.vitals.stop();
    this.life.end();
    if (this.lane.ownsRedis) this.lane.redis.disconnect();
  }

  /** Tells Redis something on the way out. Resolves to whether it was heard: not by one that is away or silent. */
  private async whileReachable(tell: () => Promise<unknown>): Promise<boolean> {
    if (this.lane.redis.status !== 'ready') return false;
    return endsWithin(tell(), lastWordMs);
  }

  /** A Redis that cannot write for the moment is waited for, and so is the lease of the process that had this id before. */
  private async registerPatiently(): Promise<void> {
    const onWait = (error: Error) => this.emit('error', error);
    const mayGoOn = () => !this.stopped;
    const register = () => assertFit(this.lane.redis).then(() => this.register());
    const join = () => patiently(register, mayGoOn, onWait);
    try {
      await claimId({ worker: this.workerId, join, signal: this.ended.signal, onWait });
    } catch (error) {
      if (mayGoOn()) throw error;
    }
  }

  /** Resolves to null, or to the ms for which another process holds its id. */
  private async register(): Promise<number | null> {
    const { lane, poolOf, life, laneOpts, concurrency: slots } = this;
    const { weight = 1, zone, labels, healthUrl, holdsStates = false, maxAgents } = laneOpts;
    const who = { host: hostname(), pid: process.pid };
    const registration = { slots, weight, zone, labels, ...who, healthUrl, holdsStates, maxAgents };
    const maxStalledCount = laneOpts.maxStalledCount ?? defaultMaxStalledCount;
    // After an absence of Redis it goes on where it was: that is no death, and nobody else may have taken its id.
    const succession = life.lost === undefined ? { maxStalledCount } : { replaces: life.lost };
    const sentAtMs = performance.now();
    const heldMs = await join(lane.redis, poolOf, life, registration, this.leaseMs, succession);
    if (heldMs === null) life.renew(sentAtMs);
    return heldMs;
  }

  private async beat(): Promise<void> {
    const { life } = this;
    const { incarnation } = life;
    const sentAtMs = performance.now();
    const { outcome, isStuck, isStraggler, cancels, closes } =
      life.lost === undefined ? await this.report() : unregistered;
    this.vitals.pace.isStraggler = isStraggler;
    if (this.ended.signal.aborted) return;
    this.abort(cancels);
    this.releases.take(closes);
    if (isStuck) this.end();
    if (outcome === 'replaced' && incarnation === life.incarnation) this.replaced();
    if (outcome === 'renewed' && life.isCurrent(incarnation)) life.renew(sentAtMs);
    if (outcome === 'unregistered' && life.lost === undefined) life.lose();
    if (life.lost === undefined || !this.isReceiving) return;
    if ((await this.register()) !== null) this.replaced();
  }

  private async report(): Promise<HeartbeatReply> {
    const { lane, poolOf, life, vitals, config, isReceiving, aborted, releases } = this;
    const { incarnation } = life;
    const load = {
      ...vitals.read(),
      incarnation,
      running: this.runningCount,
      isDraining: !isReceiving,
      configVersion: config.version,
    };
    const closed = releases.untold;
    const slots = isReceiving ? this.concurrency : 0;
    const reply = await heartbeat(lane.redis, poolOf, life, load, this.leaseMs, slots, { aborted, closed });
    releases.settle(closed);
    return reply;
  }

  /** A failover may bring back a record that is older than what this life did since: then the life is over. */
  private async compare(): Promise<void> {
    const { lane, life, poolOf, orphans } = this;
    const { incarnation } = life;
    if (life.lost !== undefined) return;
    const held = await lane.redis.hvals(poolOf.lane(lane.worker, 'slots'));
    const areLost = orphans.remain(held, (task) => lane.backends[0]?.runs(task) ?? false);
    if (areLost && life.isCurrent(incarnation)) life.lose();
  }

  private get leaseMs(): number {
    return this.laneOpts.lease ?? defaultLeaseMs;
  }

  /** Aborts running tasks as it was told, and tells so with the next heartbeat. */
  private abort(tasks: readonly string[]): void {
    for (const task of tasks) this.cancelJob(task, cancelledSignal);
    this.aborted = tasks;
  }

  /** Its life is over: what it runs is aborted, and none of it will be ended by this worker. */
  private abandon(): void {
    const { runningCount, workerId } = this;
    this.dropTasks();
    const what = `worker ${workerId} lost its lease: ${runningCount} running tasks were aborted and run again`;
    this.emit('error', new ShuntError('LEASE_LOST', what));
  }

  /** Aborts all it runs, and ends none of it. */
  private dropTasks(): void {
    this.lane.backends[0]?.renounce();
    this.cancelAllJobs(leaseLostReason);
  }

  /** It beats and takes nothing, whatever the reason: it ends, within a lease, so that its supervisor starts it anew. */
  private end(): void {
    if (this.stopped) return;
    const what = `worker ${this.workerId} took nothing though tasks waited and slots were free: it has ended`;
    void endsWithin(this.close(), this.leaseMs)
      .then((hasEnded) => (hasEnded ? undefined : this.close(true)))
      .finally(() => this.fail(new ShuntError('LEASE_LOST', what)));
  }

  /** Another process has this worker's id. */
  private replaced(): void {
    this.isReceiving = false;
    this.dropTasks();
    this.fail(new ShuntError('LEASE_LOST', `worker ${this.workerId} was started again elsewhere: this one has ended`));
    this.close(true);
  }
}
