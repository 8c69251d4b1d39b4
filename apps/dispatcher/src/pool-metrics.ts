import { fullnessKinds } from '@shunt/health';
import {
  affinities,
  type Dispatcher,
  type KeptAlerts,
  oldestAgeMs,
  type PoolKeys,
  type PoolStats,
  poolStats,
  readKept,
  readScale,
  waitBoundsMs,
} from '@shunt/lanes';
import type { Redis } from 'ioredis';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { AlertMetrics } from './alert-metrics.js';
import { ConfigMetrics } from './config-metrics.js';
import { EnqueueMetrics } from './enqueue-metrics.js';
import { LoadMetrics } from './load-metrics.js';
import { PullMetrics } from './pull-metrics.js';
import { seenState, seenStates } from './seen-state.js';
import { StoredHistogram } from './stored-histogram.js';

const queueStates = ['intake', 'yard', 'lane', 'mailbox', 'running', 'delayed'] as const;
const moveReasons = [
  'draining',
  'dead',
  'evicted',
  'breaker',
  'idle-pull',
  'evicted-state',
  'wrong-worker',
  'retry-elsewhere',
  'labels',
  'straggler',
  'released',
] as const;
const breakerStates = ['closed', 'open', 'half-open'] as const;
const shadowOutcomes = ['agreed', 'differed', 'failed'] as const;
const repairKinds = ['current', 'mailbox', 'lane'] as const;

/**
 * Prometheus metrics of a pool. Depths and totals are read from Redis at each scrape, so every dispatcher of a pool tells
 * the same: aggregate over dispatchers with `max`, never with `sum`.
 */
export class PoolMetrics {
  private readonly registry = new Registry();
  private readonly tasks = this.gauge('shunt_queue_tasks', 'Tasks by where they are', ['pool', 'state']);
  private readonly unserved = this.gauge('shunt_unserved_tasks', 'Tasks whose labels no routable worker carries', [
    'pool',
  ]);
  private readonly laneDepthMax = this.gauge('shunt_lane_depth_max', 'Tasks waiting in the deepest lane', ['pool']);
  private readonly workers = this.gauge('shunt_workers', 'Registered workers by whether and why they do not receive', [
    'pool',
    'state',
  ]);
  private readonly slots = this.gauge('shunt_slots', 'Slots of routable workers', ['pool']);
  private readonly slotsUsed = this.gauge('shunt_slots_used', 'Slots that run a task', ['pool']);
  private readonly leader = this.gauge('shunt_leader', '1 while this dispatcher leads', ['pool']);
  private readonly judging = this.gauge('shunt_leader_judging', '1 while it leads and may declare workers dead', [
    'pool',
  ]);
  private readonly full = this.gauge('shunt_pool_full', '1 while this dispatcher leads and refuses new tasks', [
    'pool',
    'reason',
  ]);
  private readonly redisUp = this.gauge('shunt_redis_up', '1 while Redis answers', ['pool']);
  private readonly enqueued = this.counter('shunt_tasks_enqueued_total', 'Tasks taken from the intake', ['pool']);
  private readonly turnedAway = this.counter(
    'shunt_tasks_turned_away_total',
    'Tasks refused as the pool was full, whoever sent them',
    ['pool', 'reason'],
  );
  private readonly attempts = this.counter('shunt_attempts_total', 'Attempts that ended', ['pool', 'outcome']);
  private readonly finished = this.counter('shunt_tasks_finished_total', 'Tasks that ended for good', [
    'pool',
    'outcome',
  ]);
  private readonly placements = this.counter('shunt_placements_total', 'Starts of tasks by decision', [
    'pool',
    'decision',
  ]);
  private readonly shadows = this.counter(
    'shunt_shadow_decisions_total',
    'Placements of this dispatcher by whether the strategy in the shadow picked the same worker',
    ['pool', 'strategy', 'outcome'],
  );
  private readonly moves = this.counter('shunt_moves_total', 'Agents that left a home', ['pool', 'reason']);
  private readonly lost = this.counter('shunt_workers_lost_total', 'Lives of workers that ended without a word', [
    'pool',
  ]);
  private readonly poisoned = this.counter('shunt_tasks_poisoned_total', 'Tasks failed as poison', ['pool']);
  private readonly dataLost = this.counter('shunt_data_sets_lost_total', 'Times Redis lost the data of the pool', [
    'pool',
  ]);
  private readonly repairs = this.counter('shunt_repairs_total', 'Stuck agents and lanes put right', ['pool', 'kind']);
  private readonly transitions = this.counter('shunt_breaker_transitions_total', 'Changes of breakers', ['pool', 'to']);
  private readonly breakers = this.gauge('shunt_breakers', 'Workers by the state of their breaker', ['pool', 'state']);
  /** Of the tasks that come by this dispatcher's HTTP API. */
  readonly enqueues: EnqueueMetrics;
  private readonly load: LoadMetrics;
  private readonly alerts: AlertMetrics;
  private readonly pull: PullMetrics;
  private readonly config: ConfigMetrics;
  private readonly waits = new StoredHistogram(
    'shunt_task_wait_seconds',
    'Time from enqueue or due time to the first start',
    this.registry,
  );

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly pool: string,
    private readonly dispatcher: Dispatcher,
    private readonly ownAlerts: () => KeptAlerts = () => ({}),
  ) {
    this.enqueues = new EnqueueMetrics(this.registry, pool);
    this.alerts = new AlertMetrics(this.registry, pool);
    this.load = new LoadMetrics(this.registry, pool);
    this.pull = new PullMetrics(this.registry, pool);
    this.config = new ConfigMetrics(this.registry, pool);
    collectDefaultMetrics({ register: this.registry });
  }

  /** The text of a scrape. Without Redis what is read from it is absent, and `shunt_redis_up` says 0. */
  async text(): Promise<string> {
    const { pool } = this;
    const found = await this.read();
    // From here to the text nothing waits: two scrapes at once would else add their counts up.
    for (const metric of this.fromRedis()) metric.reset();
    this.redisUp.set({ pool }, found === null ? 0 : 1);
    const isLeading = this.dispatcher.leadership.term > 0;
    this.leader.set({ pool }, isLeading ? 1 : 0);
    this.judging.set({ pool }, this.dispatcher.leadership.isJudging ? 1 : 0);
    const closedBy = isLeading ? this.dispatcher.gate.closedBy : null;
    for (const reason of fullnessKinds) this.full.set({ pool, reason }, closedBy === reason ? 1 : 0);
    const { config, leadership, shadow, watchdog } = this.dispatcher;
    this.config.set(config);
    for (const [strategy, counts] of shadow.counts) {
      for (const outcome of shadowOutcomes) this.shadows.inc({ pool, strategy, outcome }, counts[outcome]);
    }
    this.dataLost.inc({ pool }, leadership.dataSetsLost);
    for (const kind of repairKinds) this.repairs.inc({ pool, kind }, watchdog.repairs[kind]);
    this.load.setOwn(this.dispatcher);
    this.alerts.set({ ...found?.kept, ...this.ownAlerts() });
    if (found !== null) {
      this.set(found.stats);
      this.load.set(found.stats, found.oldestMs, found.scale);
    }
    return this.registry.metrics();
  }

  private async read() {
    if (!this.dispatcher.isConnected) return null;
    try {
      const stats = await poolStats(this.redis, this.keys);
      const [oldestMs, kept, scale] = await Promise.all([
        oldestAgeMs(this.redis, this.keys, stats.workers),
        readKept(this.redis, this.keys),
        readScale(this.redis, this.keys),
      ]);
      return { stats, oldestMs, kept, scale };
    } catch {
      // That Redis does not answer is what the scrape tells.
      return null;
    }
  }

  private set(stats: PoolStats): void {
    const { pool } = this;
    const up = stats.workers.filter(({ isRoutable }) => isRoutable);
    for (const state of queueStates) this.tasks.set({ pool, state }, stats.tasks[state]);
    this.unserved.set({ pool }, stats.unserved);
    this.laneDepthMax.set({ pool }, Math.max(0, ...stats.workers.map(({ waiting }) => waiting)));
    for (const state of seenStates)
      this.workers.set({ pool, state }, stats.workers.filter((worker) => seenState(worker) === state).length);
    this.slots.set(
      { pool },
      up.reduce((sum, { slots }) => sum + slots, 0),
    );
    this.slotsUsed.set({ pool }, stats.tasks.running);
    for (const state of breakerStates) {
      this.breakers.set({ pool, state }, stats.workers.filter(({ breaker }) => breaker === state).length);
      this.transitions.inc({ pool, to: state }, stats.breakerTransitions[state]);
    }
    this.enqueued.inc({ pool }, stats.enqueued);
    this.lost.inc({ pool }, stats.lost);
    this.poisoned.inc({ pool }, stats.poisoned);
    for (const reason of fullnessKinds) this.turnedAway.inc({ pool, reason }, stats.turnedAway[reason]);
    this.attempts.inc({ pool, outcome: 'completed' }, stats.completed);
    this.attempts.inc({ pool, outcome: 'failed' }, stats.failed);
    this.attempts.inc({ pool, outcome: 'postponed' }, stats.postponed);
    this.finished.inc({ pool, outcome: 'completed' }, stats.completed);
    this.finished.inc({ pool, outcome: 'failed' }, stats.finishedFailed);
    this.finished.inc({ pool, outcome: 'cancelled' }, stats.cancelled);
    this.setPlacements(stats);
    this.pull.set(stats);
    for (const affinity of affinities) this.waits.storeMs({ pool, affinity }, stats.waitsBy[affinity], waitBoundsMs);
  }

  private setPlacements({ bound, warm, cold, alone }: PoolStats): void {
    const { pool } = this;
    let moved = 0;
    for (const reason of moveReasons) {
      moved += bound[reason] ?? 0;
      this.moves.inc({ pool, reason }, bound[reason] ?? 0);
    }
    const spilt = bound['idle-pull'] ?? 0;
    const fresh = bound.new ?? 0;
    const pinned = bound.pinned ?? 0;
    this.placements.inc({ pool, decision: 'new' }, fresh);
    this.placements.inc({ pool, decision: 'moved' }, moved - spilt);
    this.placements.inc({ pool, decision: 'spill' }, spilt);
    this.placements.inc({ pool, decision: 'pinned' }, pinned);
    this.placements.inc({ pool, decision: 'none' }, alone);
    this.placements.inc({ pool, decision: 'home' }, Math.max(0, warm + cold - fresh - moved - pinned));
  }

  private fromRedis() {
    const gauges = [
      this.tasks,
      this.unserved,
      this.laneDepthMax,
      this.workers,
      this.slots,
      this.slotsUsed,
      this.breakers,
    ];
    const counters = [
      this.enqueued,
      this.turnedAway,
      this.attempts,
      this.finished,
      this.placements,
      this.shadows,
      this.moves,
      this.lost,
      this.poisoned,
      this.dataLost,
      this.repairs,
      this.transitions,
    ];
    return [...gauges, ...counters, this.waits, this.pull, this.load];
  }

  private gauge<Label extends string>(name: string, help: string, labelNames: Label[]): Gauge<Label> {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  private counter<Label extends string>(name: string, help: string, labelNames: Label[]): Counter<Label> {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }
}
