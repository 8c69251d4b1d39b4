import { expired, nextExpiryMs } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { evict, forget } from '../moves.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { redisTimeMs } from '../redis/store-clock.js';
import { leasesOf } from '../registry.js';
import { doApart } from './apart.js';
import type { Breakers } from './breakers.js';
import type { Watchdog } from './watchdog.js';

/** Options of {@link Sweep}. */
export interface SweepOptions {
  /** How long a worker's lease must be over before it counts as dead. */
  readonly marginMs: number;
  readonly maxStalledCount: number;
  /** An idle agent's session TTL is how long after its lease a dead worker is forgotten. */
  readonly tuning: Live<Pick<DispatcherTuning, 'sessionTtlMs'>>;
  readonly watchdog: Watchdog;
  readonly breakers: Breakers;
  /** Told of each worker whose lease expired, and how many of its tasks go to others. */
  readonly onLost: (worker: string, tasks: number) => void;
  /** Told of each part that fails; the others go on. */
  readonly onError: (error: unknown) => void;
}

/** What a leader does about its workers, again and again. */
export class Sweep {
  /** Number of workers evicted because their lease expired. */
  workersLost = 0;

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: SweepOptions,
  ) {}

  /**
   * One round under a leader's term. Without trust, after a stall of its own, it declares nobody dead; it is asked for again before
   * each verdict. Resolves to in how many ms the next worker is dead unless it beats: Infinity for none, and without trust.
   */
  async run(term: number, isTrusted: () => boolean): Promise<number> {
    const { breakers } = this.options;
    const mayJudge = isTrusted();
    if (!mayJudge) breakers.lookAway();
    let dueAtMs = Number.POSITIVE_INFINITY;
    const judge = [
      async () => {
        dueAtMs = await this.evictDead(term, isTrusted);
      },
      () => this.evictUnregistered(term, isTrusted),
      () => forget(this.redis, this.keys, term, this.options.tuning.current.sessionTtlMs),
    ];
    await doApart([...(mayJudge ? judge : []), () => this.review(term)], this.options.onError);
    return Math.max(0, dueAtMs - performance.now());
  }

  /** Looks at the breakers alone. */
  async review(term: number): Promise<void> {
    await this.options.breakers.review({ term }, await redisTimeMs(this.redis));
  }

  /** Resolves to when the next worker will be dead unless it beats, by this process's own clock. */
  private async evictDead(term: number, isTrusted: () => boolean): Promise<number> {
    const { marginMs } = this.options;
    const leases = await this.leases();
    const nowMs = await redisTimeMs(this.redis);
    const dueAtMs = performance.now() + nextExpiryMs(leases, nowMs, marginMs);
    await this.evictAll(expired(leases, nowMs, marginMs), term, isTrusted, (moved, worker) => {
      this.workersLost++;
      this.options.onLost(worker, moved);
    });
    return dueAtMs;
  }

  private async evictUnregistered(term: number, isTrusted: () => boolean): Promise<void> {
    const { watchdog } = this.options;
    await this.evictAll(await watchdog.look(term), term, isTrusted, (moved) => {
      if (moved > 0) watchdog.repairs.lane++;
    });
  }

  /** Evicts workers that it takes for dead; `onEvicted` is told how many tasks were moved of each that Redis takes for dead as well. */
  private evictAll(
    workers: readonly string[],
    term: number,
    isTrusted: () => boolean,
    onEvicted: (moved: number, worker: string) => void,
  ): Promise<void> {
    const { redis, keys } = this;
    const { marginMs, maxStalledCount, onError } = this.options;
    const verdict = { term, marginMs, maxStalledCount };
    const evictions = workers.map((worker) => async () => {
      if (!isTrusted()) return;
      const moved = await evict(redis, keys, worker, verdict);
      if (moved !== 'refused') onEvicted(moved, worker);
    });
    return doApart(evictions, onError);
  }

  private async leases() {
    const [alive, routable, leaseUntil] = await Promise.all([
      this.redis.hkeys(this.keys.of('incarnations')),
      this.redis.hkeys(this.keys.of('routable')),
      leasesOf(this.redis, this.keys),
    ]);
    return [...new Set([...alive, ...routable])].map((id) => ({ id, leaseUntilMs: leaseUntil.get(id) ?? 0 }));
  }
}
