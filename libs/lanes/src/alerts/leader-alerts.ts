import { type Alert, type AlertFacts, AttemptWindow, type Fullness, holdsMs, nextAlert, readings } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { allRuns, runBoundsMs } from '../load/run-times.js';
import type { PoolSight } from '../pool/pool-sight.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { type KeptAlerts, keepAlerts, readKept } from './alert-store.js';
import { type AlertNotice, NoticeBoard } from './notice-board.js';
import { RepairCount } from './repair-count.js';

/** Options of {@link LeaderAlerts}. */
export interface LeaderAlertsOptions {
  readonly tuning: Live<Pick<DispatcherTuning, 'alerts'>>;
  /** Why new tasks are refused, null while they are taken. */
  readonly fullness: () => Fullness | null;
  /** How many agents were put right so far. */
  readonly repairs: () => number;
  /** Whether Redis lost the pool's data within the last minutes. */
  readonly hasLostData: () => boolean;
  /** Tells people; resolves once they were told, or were given up on. */
  readonly tell: (notice: AlertNotice) => Promise<void>;
}

const leaderNames = Object.keys(holdsMs) as (keyof typeof holdsMs)[];

/** The alerts that a leader judges. They are kept in Redis, so that the next leader goes on where this one ended. */
export class LeaderAlerts {
  private readonly attempts = new AttemptWindow(runBoundsMs);
  private readonly repairs = new RepairCount();
  private readonly board: NoticeBoard;

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: LeaderAlertsOptions,
  ) {
    this.board = new NoticeBoard(options.tell);
  }

  /** Takes one look under a leader's term. People are told meanwhile, which nobody waits for. */
  async look(term: number, sight: PoolSight): Promise<void> {
    const { nowMs } = sight;
    const limits = this.options.tuning.current.alerts;
    const stored = await readKept(this.redis, this.keys);
    const kept = this.board.noted(stored);
    const found = readings(this.factsOf(sight), limits);
    const next: Partial<Record<(typeof leaderNames)[number], Alert>> = {};
    for (const name of leaderNames) {
      const hold = { forMs: limits.forMs ?? holdsMs[name], keepMs: limits.keepMs };
      const alert = nextAlert(kept[name], found[name], hold, nowMs);
      if (alert) next[name] = alert;
    }
    const began = leaderNames.filter((name) => isBeginning(stored[name], next[name]));
    if (JSON.stringify(next) !== JSON.stringify(stored)) await keepAlerts(this.redis, this.keys, term, next, began);
    this.board.post(next);
  }

  private factsOf({ stats, oldestAgeMs, isPaused, recent, nowMs }: PoolSight): AlertFacts {
    const { completed, failed, tasks, workers } = stats;
    const { intake, yard, lane, mailbox } = tasks;
    return {
      attempts: this.attempts.look({ atMs: nowMs, completed, failed, ...allRuns(stats.runs) }),
      workers: workers.map(
        ({ id, isRoutable, isDrained, isReplaced, breaker, slots, running, waiting, load, incarnation }) => {
          const isLeaving = isDrained || (incarnation !== null && load?.isDraining === true);
          const isDead = incarnation === null;
          const isBreakerOpen = breaker === 'open';
          return { id, isRoutable, isDead, isReplaced, isLeaving, isBreakerOpen, slots, running, waiting };
        },
      ),
      waiting: intake + yard + lane + mailbox,
      oldestAgeMs,
      isPaused,
      fullness: this.options.fullness(),
      repairs: this.repairs.look(this.options.repairs(), nowMs),
      hasLostData: this.options.hasLostData(),
      ...recent,
    };
  }
}

/** Whether an alert fires or is resolved from now on. */
function isBeginning(before: KeptAlerts[keyof KeptAlerts], after: Alert | undefined): boolean {
  return after !== undefined && after.state !== 'pending' && after.state !== before?.state;
}
