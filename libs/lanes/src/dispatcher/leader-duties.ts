import type { Redis } from 'ioredis';
import { LeaderAlerts } from '../alerts/leader-alerts.js';
import type { AlertNotice } from '../alerts/notice-board.js';
import type { PoolKeys } from '../keys.js';
import type { WorkerFigures } from '../placement/worker-figures.js';
import type { YardPlacer } from '../placement/yard-placer.js';
import { DrainTimes } from '../pool/drain-times.js';
import { readSight } from '../pool/pool-sight.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { isPassing } from '../redis/patience.js';
import { Advisor } from '../scaling/advisor.js';
import type { Scaler } from '../scaling/scale-driver.js';
import { Gate } from '../tasks/gate.js';
import { doApart } from './apart.js';
import { Breakers } from './breakers.js';
import { expireUnserved } from './expiry.js';
import { HealthChecks } from './health-checks.js';
import { PullTuner } from './pull-tuner.js';
import { Sweep } from './sweep.js';
import { Watchdog } from './watchdog.js';

/** Options of {@link LeaderDuties}. */
export interface LeaderDutiesOptions {
  readonly tuning: Live<DispatcherTuning>;
  readonly figures: WorkerFigures;
  readonly placer: YardPlacer;
  readonly leaseMs: number;
  /** Most time between rounds. */
  readonly sweepMs: number;
  /** How long a worker's lease must be over before it counts as dead. */
  readonly marginMs: number;
  readonly maxStalledCount: number;
  readonly signal: AbortSignal;
  /** Whether Redis lost the pool's data within the last minutes. */
  readonly hasLostData: () => boolean;
  /** Tells people of an alert. */
  readonly onAlert: (notice: AlertNotice) => Promise<void>;
  readonly scaler?: Scaler | undefined;
  /** Told of each worker that died, and how many of its tasks go to others. */
  readonly onLost: (worker: string, tasks: number) => void;
  readonly onError: (error: unknown) => void;
}

/** What a leader does again and again. */
export class LeaderDuties {
  readonly watchdog: Watchdog;
  readonly sweep: Sweep;
  readonly gate: Gate;
  readonly drains = new DrainTimes();
  private readonly tuner: PullTuner;
  private readonly alerts: LeaderAlerts;
  private readonly advisor: Advisor;
  /** Whether Redis has refused something in this round for a reason that may pass. */
  private isRefused = false;

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: LeaderDutiesOptions,
  ) {
    const { tuning, leaseMs, sweepMs, marginMs, maxStalledCount, signal, onAlert, onLost, scaler, onError } = options;
    const { hasLostData } = options;
    const tell = (error: unknown) => this.tell(error);
    this.watchdog = new Watchdog(redis, keys, tuning, signal);
    this.gate = new Gate(redis, keys, { retryAfterMs: Math.max(1000, sweepMs), closedMs: leaseMs }, tuning);
    this.alerts = new LeaderAlerts(redis, keys, {
      tuning,
      fullness: () => this.gate.closedBy,
      repairs: () => Object.values(this.watchdog.repairs).reduce((sum: number, count: number) => sum + count, 0),
      hasLostData,
      tell: onAlert,
    });
    this.advisor = new Advisor(redis, keys, { tuning, scaler, onError });
    this.tuner = new PullTuner(redis, keys, tuning);
    this.sweep = new Sweep(redis, keys, {
      marginMs,
      maxStalledCount,
      tuning,
      watchdog: this.watchdog,
      breakers: new Breakers(redis, keys, { tuning, checks: new HealthChecks(tuning), onError: tell }),
      onLost,
      onError: tell,
    });
  }

  /**
   * One round under a leader's term; without trust it declares nobody dead. A duty that fails is told, and the others are done. Resolves
   * to in how many ms the next round has something to find.
   */
  async round(term: number, isTrusted: () => boolean): Promise<number> {
    const { tuning, figures, placer } = this.options;
    this.isRefused = false;
    let nextMs = Number.POSITIVE_INFINITY;
    const duties = [
      async () => {
        nextMs = await this.sweep.run(term, isTrusted);
      },
      () => expireUnserved(this.redis, this.keys, tuning.current.sessionTtlMs),
      () => figures.refresh(),
      () => this.publishPull(term),
      () => placer.place(term),
      () => this.watch(term),
    ];
    await doApart(duties, (error) => this.tell(error));
    return nextMs;
  }

  /** Publishes how idle workers may take foreign tasks, under a leader's term. */
  publishPull(term: number): Promise<void> {
    return this.tuner.tune(term, this.options.figures);
  }

  private async watch(term: number): Promise<void> {
    const sight = await readSight(this.redis, this.keys);
    const duties = [
      () => this.gate.look(term, sight),
      () => this.drains.look(sight),
      () => this.alerts.look(term, sight),
      () => this.advisor.look(term, sight),
    ];
    await doApart(duties, (error) => this.tell(error));
  }

  /** Tells an error; that Redis can write nothing for the moment, once a round. */
  private tell(error: unknown): void {
    if (this.isRefused && isPassing(error)) return;
    this.isRefused ||= isPassing(error);
    this.options.onError(error);
  }

  /** Resolves once nothing of it is under way. */
  stop(): Promise<void> {
    return this.advisor.stop();
  }
}
