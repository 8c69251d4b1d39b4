import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Explanation } from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { AlertNotice } from '../alerts/notice-board.js';
import { endsWithin } from '../ends-within.js';
import { KEY_PREFIX, type PoolKeys, poolKeys, queueNameOf } from '../keys.js';
import { promote, shunt } from '../moves.js';
import { ownId } from '../own-id.js';
import { type AskedPlacement, placementScores } from '../placement/placement-scores.js';
import { ShadowDecisions } from '../placement/shadow-decisions.js';
import { WorkerFigures } from '../placement/worker-figures.js';
import { YardPlacer } from '../placement/yard-placer.js';
import type { DrainTimes } from '../pool/drain-times.js';
import { PoolConfigWatcher } from '../pool-config/config-watcher.js';
import { type DispatcherOwn, type DispatcherTuning, dispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { longestBlockMs, openPatientRedis, type RedisTarget } from '../redis/connection.js';
import { isPassing, refusedMs } from '../redis/patience.js';
import { assertFit } from '../redis/redis-fitness.js';
import { defaultMaxStalledCount } from '../registry.js';
import type { Scaler } from '../scaling/scale-driver.js';
import { isShuntError } from '../shunt-error.js';
import type { Gate } from '../tasks/gate.js';
import { dispatcherTiming } from './dispatcher-timing.js';
import { LeaderDuties } from './leader-duties.js';
import { Leadership } from './leadership.js';
import { isSamePull } from './pull-tuner.js';
import { inWords } from './redis-away.js';
import type { Sweep } from './sweep.js';
import type { Watchdog } from './watchdog.js';

/** Options of a dispatcher; what the pool's configuration says comes before them. All durations in ms. */
export interface DispatcherOptions extends DispatcherOwn {
  readonly redis: RedisTarget;
  /** The pool it serves, `agents` for the queue `{agents}`. */
  readonly pool: string;
  /** Key prefix. Defaults to `shunt`. */
  readonly prefix?: string;
  /** Names it in the leadership. Defaults to one of host, process and chance. */
  readonly dispatcherId?: string;
  /** How long a leader stays leader without renewing. Defaults to 10 s. */
  readonly lease?: number;
  /** Most time between sweeps for workers that stopped beating, which must be below half the lease; one that falls silent is due earlier. Defaults to a quarter of it, at most 2 s. */
  readonly sweep?: number;
  /** How long a worker's lease must be over before its tasks are taken from it. Defaults to a tenth of the lease. */
  readonly margin?: number;
  /** How often a task may have been running on a worker that died, before it is failed as poison. Defaults to 3. */
  readonly maxStalledCount?: number;
  /**
   * Tells people of an alert that fires or is resolved, while it leads; resolves once they were told, or were given up on. Nothing waits
   * for it. Defaults to nobody.
   */
  readonly onAlert?: (notice: AlertNotice) => Promise<void>;
  /** Has as many workers run as are wished for, while it leads. Defaults to nobody: there is advice only. */
  readonly scaler?: Scaler | undefined;
}

/** By this a worker that took itself for sick wakes the leader. */
const tripMark = 'trip';
const intakeBatch = 500;
/** Pause after a round that failed for another reason than that Redis refuses for the moment. */
const failedMs = 200;
/** How long a dispatcher that stops waits for a Redis that does not answer. */
const lastWordMs = 1500;

/**
 * Takes tasks from a pool's intake to their agents, promotes what is due, and while it leads places the tasks of agents
 * without a home. Any number may run for a pool. Emits `error`; it goes on after one.
 */
export class Dispatcher extends EventEmitter<{
  error: [Error];
  /** It leads under a term; 0: it leads no more. */
  leading: [term: number, why: string];
  lost: [worker: string, tasks: number];
}> {
  readonly id: string;
  readonly keys: PoolKeys;
  readonly placer: YardPlacer;
  readonly leadership: Leadership;
  readonly watchdog: Watchdog;
  readonly sweep: Sweep;
  readonly gate: Gate;
  readonly drains: DrainTimes;
  readonly shadow = new ShadowDecisions((error) => this.report(error));
  /** What the pool's configuration makes of its options. */
  readonly config: PoolConfigWatcher<DispatcherTuning>;
  private readonly duties: LeaderDuties;
  private readonly redis: Redis;
  private readonly blocking: Redis;
  private readonly stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private refuse: (error: unknown) => void = () => undefined;
  /** Rejects with INVALID_CONFIG when Redis is too old or, in production, evicts: it does nothing then. */
  readonly refused = new Promise<never>((_, reject) => {
    this.refuse = reject;
  });

  /** @throws ShuntError INVALID_CONFIG when there is no strategy of that name, or its sweeps are too far apart for its lease */
  constructor(options: DispatcherOptions) {
    super();
    this.refused.catch(() => undefined);
    this.id = options.dispatcherId ?? ownId();
    this.keys = poolKeys(queueNameOf(options.pool), options.prefix ?? KEY_PREFIX);
    dispatcherTuning(options, {});
    const timing = dispatcherTiming(options);
    this.redis = openPatientRedis(options.redis);
    this.blocking = openPatientRedis(options.redis);
    for (const connection of [this.redis, this.blocking])
      connection.on('error', (error) => this.report(inWords(connection, error)));
    const { redis, keys, shadow } = this;
    const { signal } = this.stopping;
    const tuning = new PoolConfigWatcher(redis, keys, {
      tune: (config) => dispatcherTuning(options, config),
      onChange: (now, before) => this.applyAtOnce(now, before),
      onRefused: (error) => this.report(error),
    });
    this.config = tuning;
    shadow.set(tuning.current.shadow);
    const figures = new WorkerFigures(redis, keys);
    this.placer = new YardPlacer(redis, keys, { tuning, shadow, figures });
    const { maxStalledCount = defaultMaxStalledCount, onAlert = async () => undefined, scaler } = options;
    const told = { maxStalledCount, signal, onAlert, scaler };
    this.duties = new LeaderDuties(redis, keys, {
      ...timing,
      ...told,
      tuning,
      figures,
      placer: this.placer,
      hasLostData: () => this.leadership.hasLostData,
      onLost: (worker, tasks) => this.emit('lost', worker, tasks),
      onError: (error) => this.report(error),
    });
    const { duties } = this;
    this.watchdog = duties.watchdog;
    this.sweep = duties.sweep;
    this.gate = duties.gate;
    this.drains = duties.drains;
    this.leadership = new Leadership(redis, keys, {
      dispatcherId: this.id,
      strategies: (options.strategies ?? []).map(({ name }) => name),
      leaseMs: timing.leaseMs,
      sweepMs: timing.sweepMs,
      signal,
      onError: (error) => this.report(error),
      onChange: (term, why) => this.emit('leading', term, why),
      onSweep: (term, isTrusted) => duties.round(term, isTrusted),
    });
  }

  /** Starts the work; returns at once. */
  start(): void {
    this.loop ??= this.begin();
  }

  /** Ends the work and gives the leadership up. Resolves when nothing of it runs any more, within 1.5 s whatever Redis does. */
  async stop(): Promise<void> {
    const { redis, blocking, loop, leadership, duties } = this;
    this.stopping.abort();
    this.config.stop();
    // What waits on a connection that is away never ends: ioredis keeps it to be sent again, and forgets it when told to disconnect.
    const isThere = (connection: Redis) => connection.status === 'ready';
    const ends = [isThere(blocking) ? loop : undefined, leadership.stop(), duties.stop()];
    blocking.disconnect();
    if (isThere(redis)) await endsWithin(Promise.all(ends), lastWordMs);
    redis.disconnect();
  }

  /** What `intelligent` makes of each worker that may run such a task by now, best first, whatever the pool's strategy is. */
  scores(asked: AskedPlacement): Promise<readonly Explanation[]> {
    return placementScores(this.redis, this.keys, asked, this.config.current.factors);
  }

  /** Whether Redis answers. */
  get isConnected(): boolean {
    return this.redis.status === 'ready' && this.blocking.status === 'ready';
  }

  /** A Redis that is away or answers with an error is waited for. */
  private async begin(): Promise<void> {
    const { signal } = this.stopping;
    for (let isFit = false; !isFit && !signal.aborted; ) {
      try {
        await assertFit(this.redis);
        isFit = true;
      } catch (error) {
        if (isShuntError(error, 'INVALID_CONFIG')) return this.refuse(error);
        await this.recover(error);
      }
    }
    if (signal.aborted) return;
    await this.config.start();
    this.leadership.start();
    await this.run();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const dueInMs = await this.takeIntake();
        await this.place(this.leadership.term);
        await this.waitForWork(dueInMs);
      } catch (error) {
        await this.recover(error);
      }
    }
  }

  /** Empties the intake and promotes everything due. Resolves to the ms until the next one is, null for none. */
  private async takeIntake(): Promise<number | null> {
    for (;;) {
      const { promoted, dueInMs } = await promote(this.redis, this.keys, intakeBatch, this.config.current.sessionTtlMs);
      const shunted = await shunt(this.redis, this.keys, intakeBatch, Date.now());
      if (promoted < intakeBatch && shunted < intakeBatch) return dueInMs;
      if (this.stopping.signal.aborted) return dueInMs;
    }
  }

  private async place(term: number): Promise<void> {
    if (term > 0) await this.placer.place(term);
  }

  /** Blocks until a producer, a worker or the clock has something to do. */
  private async waitForWork(dueInMs: number | null): Promise<void> {
    if (this.blocking.status !== 'ready') await once(this.blocking, 'ready', { signal: this.stopping.signal });
    const blockMs = Math.max(1, Math.min(dueInMs ?? longestBlockMs, longestBlockMs));
    const markers = [this.keys.of('marker')];
    if (this.leadership.term > 0) markers.push(this.keys.of('yard:marker'));
    const popped = await this.blocking.bzpopmin(...(markers as [string]), blockMs / 1000);
    if (popped?.[1] === tripMark) this.betweenSweeps((term) => this.sweep.review(term));
  }

  /** What of a change does not wait for the leader's next round. */
  private applyAtOnce(now: DispatcherTuning, before: DispatcherTuning): void {
    if (now.shadow !== before.shadow) this.shadow.set(now.shadow);
    if (isSamePull(now.pull, before.pull)) return;
    this.betweenSweeps((term) => this.duties.publishPull(term));
  }

  /** Has the leader do something soon. The intake does not wait for it: an eviction may take seconds. */
  private betweenSweeps(act: (term: number) => Promise<void>): void {
    this.leadership.between(act).catch((error) => this.report(error));
  }

  private async recover(error: unknown): Promise<void> {
    this.report(error);
    const pauseMs = isPassing(error) ? refusedMs : failedMs;
    await sleep(pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private report(error: unknown): void {
    if (!this.stopping.signal.aborted) this.emit('error', error as Error);
  }
}
