import { expired, nextExpiryMs } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { Breakers } from './breakers.js';
import type { PoolKeys } from './keys.js';
import { evict, forget } from './moves.js';
import type { Live } from './pool-config/config-watcher.js';
import type { DispatcherTuning } from './pool-config/dispatcher-tuning.js';
import { leasesOf } from './registry.js';
import { redisTimeMs } from './store-clock.js';
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
   * One round under a leader's term. Without trust, after a stall of its own, it declares nobody dead. Resolves to in how many ms
   * the next worker is dead unless it beats: Infinity for none, and without trust.
   */
  async run(term: number, isTrusted: boolean): Promise<number> {
    const { breakers } = this.options;
    if (!isTrusted) breakers.lookAway();
    const dueAtMs = isTrusted ? await this.evictDead(term) : Number.POSITIVE_INFINITY;
    await this.review(term);
    return Math.max(0, dueAtMs - performance.now());
  }

  /** Looks at the breakers alone. */
  async review(term: number): Promise<void> {
    await this.options.breakers.review({ term }, await redisTimeMs(this.redis));
  }

  /** Resolves to when the next worker will be dead unless it beats, by this process's own clock. */
  private async evictDead(term: number): Promise<number> {
    const { redis, keys, options } = this;
    const { marginMs, maxStalledCount, watchdog } = options;
    const verdict = { term, marginMs, maxStalledCount };
    const leases = await this.leases();
    const nowMs = await redisTimeMs(this.redis);
    const dueAtMs = performance.now() + nextExpiryMs(leases, nowMs, marginMs);
    for (const worker of expired(leases, nowMs, marginMs)) {
      this.workersLost++;
      await evict(redis, keys, worker, verdict);
    }
    for (const worker of await watchdog.look(term)) await evict(redis, keys, worker, verdict);
    await forget(redis, keys, term, options.tuning.current.sessionTtlMs);
    return dueAtMs;
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
