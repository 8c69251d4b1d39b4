import {
  type Breaker,
  isStuck,
  type Member,
  nextBreakers,
  type Order,
  type Standstill,
  slotLimit,
  standstillOf,
  type TripReason,
} from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { endedIn } from '../load/load-counters.js';
import { evict, type Verdict } from '../moves.js';
import { type WorkerStats, workersWithLanes } from '../pool/pool-stats.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { doApart } from './apart.js';
import { type KeptBreaker, keepBreaker, keptBreaker } from './breaker-store.js';
import type { HealthChecks } from './health-checks.js';
import { Recycling } from './recycling.js';

/** Options of {@link Breakers}. */
export interface BreakersOptions {
  readonly tuning: Live<Pick<DispatcherTuning, 'rules' | 'stuckAfterMs'>>;
  readonly checks: HealthChecks;
  /** Told of each worker whose breaker could not be seen to; the others are. */
  readonly onError: (error: unknown) => void;
}

/** What a look finds about a worker. */
interface Finding {
  readonly worker: WorkerStats;
  readonly kept: KeptBreaker;
  readonly member: Member;
  readonly reason: TripReason | null;
  /** Whether it has left its lane alone for too long. */
  readonly isStuck: boolean;
}

/** What becomes of a worker by a look. */
interface Decision {
  readonly breaker: Breaker;
  /** Slots it may use at most, null for all. */
  readonly limit: number | null;
  /** Whether that is what holds already. */
  readonly isKept: boolean;
  /** The life to be ended, null for none. */
  readonly recycle: string | null;
}

/** The leader's part in the breakers: looks at every worker, opens and closes, and takes the lanes of those that are out. */
export class Breakers {
  private standstills = new Map<string, Standstill>();
  private readonly recycling = new Recycling();

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: BreakersOptions,
  ) {}

  /** One look under a leader's term, at `nowMs` of Redis time. */
  async review(verdict: Verdict, nowMs: number): Promise<void> {
    const { checks, tuning } = this.options;
    const { rules } = tuning.current;
    const limits = await this.redis.hgetall(this.keys.of('limits'));
    const findings = await this.findings(limits, nowMs);
    checks.begin(findings.map(({ worker }) => worker));
    const next = nextBreakers(
      findings.map(({ member }) => member),
      rules,
      nowMs,
    );
    const stuck = findings.map(({ worker, isStuck }) => ({ ...worker, isStuck }));
    const recycled = this.recycling.due(stuck, rules.maxOpenShare, nowMs);
    const changes = findings.map((finding) => async () => {
      const { worker, kept } = finding;
      const breaker = next.get(worker.id) ?? kept.breaker;
      const limit = slotLimit(breaker, worker.slots, rules, nowMs);
      const isKept = limits[worker.id] === asText(limit);
      const recycle = recycled.has(worker.id) ? worker.incarnation : null;
      await this.carryOut(finding, { breaker, limit, isKept, recycle }, verdict);
    });
    await doApart(changes, this.options.onError);
  }

  private async carryOut(
    { worker, kept, member, reason }: Finding,
    { breaker, limit, isKept, recycle }: Decision,
    verdict: Verdict,
  ): Promise<void> {
    const changed = breaker.state === kept.breaker.state ? null : { to: breaker.state, reason: whyOf(member, reason) };
    const seen = seenBy(worker, kept);
    const isSame = breaker === kept.breaker && seen === kept.seen && isKept && recycle === null;
    const change = { worker: worker.id, kept: { breaker, seen }, limit, transition: changed, recycle };
    if (!isSame) await keepBreaker(this.redis, this.keys, verdict, change);
    const isOut = breaker.state === 'open' || worker.isDrained;
    if (isOut && worker.waiting > 0) await evict(this.redis, this.keys, worker.id, verdict);
  }

  /** Forgets since when lanes stand still: a dispatcher that was stalled itself has not watched them. */
  lookAway(): void {
    this.standstills.clear();
  }

  private async findings(limits: Readonly<Record<string, string>>, nowMs: number): Promise<Finding[]> {
    const { redis, keys } = this;
    const [workers, breakers, orders, paused] = await Promise.all([
      workersWithLanes(redis, keys),
      redis.hgetall(keys.of('breakers')),
      redis.hgetall(keys.of('orders')),
      redis.hexists(keys.of('meta'), 'paused'),
    ]);
    const standstills = new Map<string, Standstill>();
    const findings = workers.map((worker) => {
      // While the pool is paused every lane stands still.
      const standstill = paused === 1 ? null : this.standstill(worker, limits[worker.id], nowMs);
      if (standstill) standstills.set(worker.id, standstill);
      const kept = keptBreaker(breakers[worker.id]);
      const stuck = isStuck(standstill, nowMs, this.options.tuning.current.stuckAfterMs);
      const reason = this.sicknessOf(worker, kept, stuck);
      const order = (orders[worker.id] ?? 'auto') as Order;
      return { worker, kept, reason, isStuck: stuck, member: this.member(worker, kept, reason, order, nowMs) };
    });
    this.standstills = standstills;
    return findings;
  }

  private standstill(worker: WorkerStats, limit: string | undefined, nowMs: number): Standstill | null {
    const { id, running, waiting, incarnation, isRoutable } = worker;
    const load = loadOf(worker);
    if (!isRoutable || load === null || incarnation === null) return null;
    const before = this.standstills.get(id) ?? null;
    const slots = Math.min(worker.slots, Number(limit ?? worker.slots));
    return standstillOf(before, { slots, running, waiting, picked: load.picked, life: incarnation }, nowMs);
  }

  private sicknessOf(worker: WorkerStats, kept: KeptBreaker, stuck: boolean) {
    if (this.options.checks.isDown(worker.id)) return 'unhealthy';
    if (stuck) return 'stuck';
    return seenBy(worker, kept) === kept.seen ? null : (loadOf(worker)?.tripReason ?? null);
  }

  private member(
    worker: WorkerStats,
    kept: KeptBreaker,
    reason: TripReason | null,
    order: Order,
    nowMs: number,
  ): Member {
    const { id, incarnation, isDrained, leaseUntilMs } = worker;
    const load = loadOf(worker);
    return {
      id,
      life: incarnation ?? '',
      attempts: { ended: load === null ? 0 : endedIn(load), failed: load?.blamed ?? 0 },
      isSick: reason !== null,
      mayProbe: !this.options.checks.isDown(id) && incarnation !== null,
      breaker: kept.breaker,
      order,
      isServing: incarnation !== null && leaseUntilMs >= nowMs && !isDrained && load?.isDraining !== true,
    };
  }
}

/** A worker's last report, null when its present life has not reported yet. */
function loadOf({ load, incarnation }: WorkerStats) {
  return load !== null && load.incarnation === incarnation ? load : null;
}

/** What has been seen of a worker's trips once it was looked at; the same value as before when there was nothing new. */
function seenBy(worker: WorkerStats, { seen }: KeptBreaker): KeptBreaker['seen'] {
  const load = loadOf(worker);
  if (load === null || load.trips === 0) return seen;
  if (seen.countsOf === load.countsOf && seen.trips === load.trips) return seen;
  return { countsOf: load.countsOf, trips: load.trips };
}

function whyOf({ order, breaker }: Member, reason: TripReason | null): string {
  if (order !== 'auto') return 'operator';
  if (reason !== null) return reason;
  return breaker.state === 'open' ? 'probation' : 'probes';
}

function asText(limit: number | null): string | undefined {
  return limit === null ? undefined : String(limit);
}
