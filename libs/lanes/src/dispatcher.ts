import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { breakerPresets, type PoolRules } from '@shunt/health';
import type { Redis } from 'ioredis';
import { Breakers } from './breakers.js';
import { longestBlockMs, openPatientRedis, type RedisTarget } from './connection.js';
import { expireLabelled } from './expiry.js';
import { Gate } from './gate.js';
import { HealthChecks, type HealthChecksOptions } from './health-checks.js';
import { KEY_PREFIX, type PoolKeys, poolKeys, queueNameOf } from './keys.js';
import { Leadership } from './leadership.js';
import { promote, shunt } from './moves.js';
import { isPassing, refusedMs } from './patience.js';
import { type PullPolicy, PullTuner } from './pull-tuner.js';
import { assertFit } from './redis-fitness.js';
import { defaultMaxStalledCount } from './registry.js';
import { ShadowDecisions } from './shadow-decisions.js';
import { isShuntError } from './shunt-error.js';
import { chooseStrategy, type StrategyOptions } from './strategy-choice.js';
import { Sweep } from './sweep.js';
import { Watchdog } from './watchdog.js';
import { WorkerFigures } from './worker-figures.js';
import { YardPlacer } from './yard-placer.js';

/** Options of a dispatcher. All durations in ms. */
export interface DispatcherOptions extends StrategyOptions, PullPolicy {
  readonly redis: RedisTarget;
  /** The pool it serves, `agents` for the queue `{agents}`. */
  readonly pool: string;
  /** Key prefix. Defaults to `shunt`. */
  readonly prefix?: string;
  /** Names it in the leadership. Defaults to a random id. */
  readonly dispatcherId?: string;
  /** Name of how yard tasks find a worker: one of Shunt's or of `strategies`. Defaults to `least-connections`. */
  readonly strategy?: string;
  /** Name of a strategy that decides beside it without effect, so that the differences are known. Defaults to none. */
  readonly shadowStrategy?: string | undefined;
  /** How long an idle agent keeps its home; as the pool's workers have it. Defaults to 15 min. */
  readonly sessionTtl?: number;
  /** How long a leader stays leader without renewing. Defaults to 10 s. */
  readonly lease?: number;
  /** Most time between sweeps for workers that stopped beating, below half the lease; one that falls silent is due earlier. Defaults to a quarter of it, at most 2 s. */
  readonly sweep?: number;
  /** How long a worker's lease must be over before its tasks are taken from it. Defaults to a tenth of the lease. */
  readonly margin?: number;
  /** Most tasks that may wait before new ones are refused. Defaults to no limit; three quarters of Redis's memory always is one. */
  readonly maxWaiting?: number;
  /** How often a task may have been running on a worker that died, before it is failed as poison. Defaults to 3. */
  readonly maxStalledCount?: number;
  /** When breakers close again and how many may be open. What is not said is as in the `adaptive` preset. */
  readonly breaker?: Partial<PoolRules>;
  /** How long a worker may leave its lane alone while it has a free slot. Defaults to 30 s. */
  readonly stuckAfter?: number;
  /** Has it ask each worker over HTTP as well. Off by default. */
  readonly healthCheck?: HealthChecksOptions | undefined;
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
export class Dispatcher extends EventEmitter<{ error: [Error]; leading: [boolean] }> {
  readonly id: string;
  readonly keys: PoolKeys;
  readonly placer: YardPlacer;
  readonly leadership: Leadership;
  readonly watchdog: Watchdog;
  readonly sweep: Sweep;
  readonly gate: Gate;
  readonly shadow = new ShadowDecisions((error) => this.report(error));
  private readonly redis: Redis;
  private readonly blocking: Redis;
  private readonly stopping = new AbortController();
  private readonly sessionTtlMs: number;
  private readonly figures: WorkerFigures;
  private loop: Promise<void> | undefined;
  private refuse: (error: unknown) => void = () => undefined;
  /** Rejects with INVALID_CONFIG when Redis is too old or, in production, evicts: it does nothing then. */
  readonly refused = new Promise<never>((_, reject) => {
    this.refuse = reject;
  });

  /** @throws ShuntError INVALID_CONFIG when there is no strategy of that name */
  constructor(private readonly options: DispatcherOptions) {
    super();
    this.refused.catch(() => undefined);
    this.id = options.dispatcherId ?? randomUUID();
    this.keys = poolKeys(queueNameOf(options.pool), options.prefix ?? KEY_PREFIX);
    const strategy = chooseStrategy(options.strategy ?? 'least-connections', options);
    this.setShadow(options.shadowStrategy ?? null);
    this.redis = openPatientRedis(options.redis);
    this.blocking = openPatientRedis(options.redis);
    for (const connection of [this.redis, this.blocking]) connection.on('error', (error) => this.report(error));
    this.figures = new WorkerFigures(this.redis, this.keys);
    const readsZones = options.zoneDistances !== undefined;
    this.placer = new YardPlacer(this.redis, this.keys, {
      strategy,
      shadow: this.shadow,
      figures: this.figures,
      readsZones,
    });
    const tuner = new PullTuner(this.redis, this.keys, options);
    this.sessionTtlMs = options.sessionTtl ?? 15 * 60_000;
    this.watchdog = new Watchdog(this.redis, this.keys, this.sessionTtlMs, this.stopping.signal);
    const leaseMs = options.lease ?? 10_000;
    const sweepMs = options.sweep ?? Math.min(2000, leaseMs / 4);
    const retryAfterMs = Math.max(1000, sweepMs);
    const maxWaitingTasks = options.maxWaiting ?? null;
    this.gate = new Gate(this.redis, this.keys, { maxWaitingTasks, retryAfterMs, closedMs: leaseMs });
    this.sweep = new Sweep(this.redis, this.keys, {
      marginMs: options.margin ?? leaseMs / 10,
      maxStalledCount: options.maxStalledCount ?? defaultMaxStalledCount,
      forgetMs: this.sessionTtlMs,
      watchdog: this.watchdog,
      breakers: new Breakers(this.redis, this.keys, {
        rules: { ...breakerPresets.adaptive.pool, ...options.breaker },
        stuckAfterMs: options.stuckAfter ?? 30_000,
        checks: new HealthChecks(options.healthCheck ?? null),
      }),
    });
    this.leadership = new Leadership(this.redis, this.keys, {
      dispatcherId: this.id,
      leaseMs,
      sweepMs,
      signal: this.stopping.signal,
      onError: (error) => this.report(error),
      onSweep: async (term, isTrusted) => {
        await this.gate.look(term);
        const nextMs = await this.sweep.run(term, isTrusted);
        await expireLabelled(this.redis, this.keys, Date.now(), this.sessionTtlMs);
        await this.figures.refresh();
        await tuner.tune(term);
        await this.place(term);
        return nextMs;
      },
    });
  }

  /** Starts the work; returns at once. */
  start(): void {
    this.loop ??= this.begin();
  }

  /**
   * Places by another strategy from now on; agents keep their homes. Each dispatcher of a pool is told on its own.
   *
   * @throws ShuntError INVALID_CONFIG when there is no strategy of that name: the present one stays
   */
  setStrategy(name: string): void {
    this.placer.setStrategy(chooseStrategy(name, this.options));
  }

  /**
   * Has another strategy decide in the shadow from now on, null for none; `shadow.counts` tells how often it differed.
   *
   * @throws ShuntError INVALID_CONFIG when there is no strategy of that name: the present one stays
   */
  setShadow(name: string | null): void {
    this.shadow.set(name === null ? null : chooseStrategy(name, this.options, 'shadowStrategy'));
  }

  /** Ends the work and gives the leadership up. Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.blocking.disconnect();
    if (this.redis.status !== 'ready') this.redis.disconnect();
    const silence = setTimeout(() => this.redis.disconnect(), lastWordMs);
    await this.loop;
    await this.leadership.stop();
    clearTimeout(silence);
    this.redis.disconnect();
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
      const { promoted, dueInMs } = await promote(this.redis, this.keys, intakeBatch, this.sessionTtlMs);
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
    if (popped?.[1] === tripMark) await this.leadership.between((term) => this.sweep.review(term));
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
