import { type Job, Worker } from 'bullmq';
import { endsWithin } from '../ends-within.js';
import { KEY_PREFIX, type PoolKeys, poolKeys } from '../keys.js';
import { dropStates, evict } from '../moves.js';
import { PoolConfigWatcher } from '../pool-config/config-watcher.js';
import { type WorkerTuning, workerTuning } from '../pool-config/worker-tuning.js';
import { longestBlockMs } from '../redis/connection.js';
import { refusedMs } from '../redis/patience.js';
import { isShuntError, ShuntError } from '../shunt-error.js';
import { AgentReleases } from './agent-releases.js';
import { type EmittedBatch, emitValues } from './emit.js';
import { HandOff } from './hand-off.js';
import { type AgentOfTask, HeldTasks } from './held-tasks.js';
import { laneBackendFactory } from './lane-backend.js';
import { type Identified, identify } from './lane-identity.js';
import { type AnyProcessor, guarded } from './lane-processor.js';
import type { LaneWorkerOptions } from './lane-worker-options.js';
import { Notices } from './notices.js';
import { Registration } from './registration.js';
import { Vitals } from './vitals.js';
import { WorkerLife } from './worker-life.js';

/** Reason of the signal of tasks whose worker has lost its right to run them. */
export const leaseLostReason = 'lease-lost';

/** Reason of the signal of a task that was cancelled while it ran. */
export const cancelledSignal = 'cancelled';

/** How long a worker that stops waits for Redis to hear it. */
const lastWordMs = 3000;
const defaultLeaseMs = 10_000;
const defaultHeartbeatMs = 2000;
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
  private readonly held: HeldTasks;
  private readonly registration: Registration;
  private readonly handOff: HandOff;
  private notices: Notices | undefined;
  /** Whether it takes work: not while it is paused, closing or replaced. */
  private isReceiving = true;
  /** Whether its errors are nobody's any more. */
  private isHushed = false;
  private stopped: Promise<void> | undefined;
  /** A run that has not begun to fetch. */
  private starting: Promise<void> | undefined;
  /** What waits for it goes to others, as it was paused. */
  private handingBack: Promise<void> | undefined;
  private fail: (error: Error) => void = () => undefined;
  /** Rejects when another life of the worker has taken over. */
  private readonly failed = new Promise<never>((_, reject) => {
    this.fail = reject;
  });

  constructor(name: string, processor: AnyProcessor<Data, Result, Name>, opts: LaneWorkerOptions) {
    const prefix = opts.prefix ?? KEY_PREFIX;
    const lane = identify(opts);
    const { lease: leaseMs = defaultLeaseMs, heartbeat: heartbeatMs = defaultHeartbeatMs } = opts;
    const life: WorkerLife = new WorkerLife(lane.worker, leaseMs, () => this.abandon());
    const held = new HeldTasks(life);
    const onError = (error: Error) => this.emit('error', error);
    const config = new PoolConfigWatcher(lane.redis, poolKeys(name, prefix), {
      tune: (told) => workerTuning(opts, told),
      onRefused: onError,
    });
    const vitals = new Vitals({
      tuning: config,
      holdMs: heartbeatMs,
      agentOf: (task) => held.agentOf(task),
      onChange: () => this.registration.beatNow(),
    });
    const onEnded = () => {
      if (opts.holdsStates) this.registration.beatNow();
    };
    const releases = new AgentReleases(opts.onAgentRelease ?? (() => undefined), onEnded, onError);
    const ours = {
      life,
      held,
      redis: lane.redis,
      slots: () => this.concurrency,
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
    const assertHeld = (task: string, token: string) => held.assertHeld(task, token);
    const pace = { runRetryDelay: refusedMs, drainDelay: longestBlockMs / 1000 };
    super(name, guarded(processor, assertHeld), { ...pace, ...opts, ...own }, factory);
    this.lane = lane;
    this.life = life;
    this.held = held;
    this.workerId = lane.worker;
    this.poolOf = poolKeys(name, prefix);
    this.laneOpts = opts;
    this.vitals = vitals;
    this.config = config;
    this.registration = new Registration({
      ...{ redis: lane.redis, keys: this.poolOf, life, leaseMs, heartbeatMs, options: opts },
      ...{ held, vitals, releases, onError },
      configVersion: () => config.version,
      slots: () => this.concurrency,
      isReceiving: () => this.isReceiving,
      isStopping: () => this.stopped !== undefined,
      onCancelled: (tasks) => {
        for (const task of tasks) this.cancelJob(task, cancelledSignal);
      },
      onStuck: () => this.end(),
      onReplaced: () => this.replaced(),
    });
    this.failed.catch(() => undefined);
    this.handOff = new HandOff(lane.redis, this.poolOf, opts.handOffTimeout ?? defaultHandOffMs);
    vitals.watch(this);
    if (processor !== null && (opts.autorun ?? true)) this.run().catch(onError);
  }

  /** Fence and warmth of a task this worker runs. */
  agentOf(task: string): AgentOfTask | undefined {
    return this.held.agentOf(task);
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
   * Tells values that a task which it runs emits to whoever follows the task: events of type `data`. Resolves once Redis has them.
   *
   * @param token the processor's second argument
   * @param deadlineMs of performance.now
   * @throws ShuntError LEASE_LOST when the task is no longer this run's, STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  async emitValues(job: Job, token: string, batch: EmittedBatch, deadlineMs: number): Promise<void> {
    const { held, life } = this;
    const { incarnation } = life;
    const run = { task: job.id ?? '', token, startedAt: job.processedOn ?? 0 };
    held.assertHeld(run.task, token);
    const mayGoOn = () => life.isCurrent(incarnation);
    await emitValues(this.lane.redis, this.poolOf, this.workerId, run, batch, deadlineMs, mayGoOn);
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

  /** Why a task that it runs was cancelled, as its `failedReason` is to say it; null for one that was not. */
  async cancelReasonOf(task: string): Promise<string | null> {
    return this.lane.redis.hget(this.poolOf.of(task), 'cancelling');
  }

  /** How many agents it waited for that came from other workers, and how that ended. */
  get handOffs(): HandOff['outcomes'] {
    return this.handOff.outcomes;
  }

  /** Number of tasks this worker runs now. */
  get runningCount(): number {
    return this.held.size;
  }

  /**
   * Registers this life of the worker, then fetches until closed.
   *
   * @throws ShuntError INVALID_CONFIG for a Redis that is too old or, in production, evicts; CONFLICT when another
   *   process has this id and lives; LEASE_LOST when this one was silent for so long that another took its id: it is closed by
   *   then, and the signals of what it ran abort with `lease-lost`
   */
  override run(): Promise<void> {
    // BullMQ runs a worker that is resumed before it has begun to fetch.
    this.starting ??= this.begin();
    return this.starting;
  }

  private async begin(): Promise<void> {
    try {
      await Promise.race([this.register(), this.failed]);
    } finally {
      this.starting = undefined;
    }
    if (!this.stopped) await Promise.race([super.run(), this.failed]);
  }

  private async register(): Promise<void> {
    await this.life.during(() => this.registration.join());
    if (this.stopped) return;
    this.registration.start();
    if (this.laneOpts.holdsStates) {
      this.notices ??= new Notices(this.lane.redis, this.poolOf, this.workerId, () => this.registration.beatNow());
    }
    await this.life.during(() => this.config.start());
  }

  /** Takes nothing new, and gives its waiting tasks to others. */
  override async pause(doNotWaitActive?: boolean): Promise<void> {
    this.isReceiving = false;
    const paused = super.pause(doNotWaitActive);
    this.handingBack = this.handBack();
    await this.handingBack;
    await paused;
  }

  /** Takes work again. What ends it later is told as an error: nobody waits for the run that BullMQ begins here. */
  override async resume(): Promise<void> {
    await this.handingBack?.catch(() => undefined);
    this.isReceiving = this.stopped === undefined;
    const resumed = super.resume();
    this.starting?.catch((error) => this.emit('error', error));
    await resumed;
    if (this.isRunning()) await this.registration.beat();
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
      this.stopped = this.closing ? this.lane.backends[0]?.close() : super.close(true);
      return Promise.resolve();
    }
    this.stopped ??= this.stop();
    return this.stopped;
  }

  /** Tells of no error any more but the loss of its lease: whoever closed it waits no longer for what it still runs. */
  hush(): void {
    this.isHushed = true;
  }

  /** Errors of Redis come without the command they answer: it may hold a password or a payload. */
  override emit: Worker<Data, Result, Name>['emit'] = (event, ...args) => {
    if (event === 'error') {
      if (this.isHushed && !isShuntError(args[0], 'LEASE_LOST')) return false;
      delete (args[0] as { command?: unknown } | undefined)?.command;
    }
    return super.emit(event, ...args);
  };

  private async stop(): Promise<void> {
    this.isReceiving = false;
    const wasHeard = await this.whileReachable(() => this.handBack());
    await super.close(!wasHeard && this.runningCount === 0);
    await this.whileReachable(async () => this.lane.backends[0]?.giveBack());
    await this.laneOpts.onTasksEnded?.();
    await this.whileReachable(() => this.registration.leave());
    this.letGo();
  }

  /** Has what waits for it go to others, and nothing of a process that has taken its id. */
  private async handBack(): Promise<void> {
    await this.lane.backends[0]?.giveBack();
    await evict(this.lane.redis, this.poolOf, this.workerId, { incarnation: this.life.registered });
  }

  /** Beats no more, and lets go of Redis. */
  private letGo(): void {
    this.hush();
    this.registration.end();
    this.config.stop();
    this.notices?.close();
    this.vitals.stop();
    this.life.end();
    if (this.lane.ownsRedis) this.lane.redis.disconnect();
  }

  /** Tells Redis something on the way out. Resolves to whether it was heard: not by one that is away or silent, or was let go of. */
  private async whileReachable(tell: () => Promise<unknown>): Promise<boolean> {
    const { redis } = this.lane;
    if (redis.status !== 'ready') return false;
    return endsWithin(tell(), lastWordMs).catch((error) => {
      if (redis.status === 'end') return false;
      throw error;
    });
  }

  /** Its life is over: what it runs is aborted, and none of it will be ended by this worker. */
  private abandon(): void {
    const { runningCount, workerId } = this;
    this.dropTasks();
    const what = `worker ${workerId} lost its lease: its ${runningCount} tasks are aborted and may run again`;
    this.emit('error', new ShuntError('LEASE_LOST', what));
  }

  /** Aborts all it runs, and ends none of it. */
  private dropTasks(): void {
    this.held.renounce();
    this.cancelAllJobs(leaseLostReason);
  }

  /** It beats and takes nothing, whatever the reason: it ends, within a lease, so that its supervisor starts it anew. */
  private end(): void {
    if (this.stopped) return;
    const what = `worker ${this.workerId} took nothing though tasks waited and slots were free: it has ended`;
    void endsWithin(this.close(), this.laneOpts.lease ?? defaultLeaseMs)
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
