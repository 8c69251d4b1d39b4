import { expired, mayJudge } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import { evict, forget, lead, resign } from './moves.js';
import { ShuntError } from './shunt-error.js';
import type { Watchdog } from './watchdog.js';

/** Options of {@link Leadership}. */
export interface LeadershipOptions {
  readonly dispatcherId: string;
  readonly leaseMs: number;
  readonly sweepMs: number;
  /** How long a worker's lease must be over before it counts as dead. */
  readonly marginMs: number;
  readonly maxStalledCount: number;
  /** How long after its lease a dead worker is forgotten. */
  readonly forgetMs: number;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
  readonly watchdog: Watchdog;
  /** Called after each sweep while leading. */
  readonly onSweep: (term: number) => Promise<void>;
}

/**
 * One dispatcher's part in leading a pool: it takes or renews a lease with a term, and while it leads evicts workers
 * whose lease has expired. A dispatcher that was itself stalled judges nobody until it has renewed in time again.
 */
export class Leadership {
  /** The term while this dispatcher leads, 0 otherwise. */
  term = 0;
  /** Number of workers evicted because their lease expired. */
  workersLost = 0;
  /** How often Redis was seen with another data set than before. */
  dataSetsLost = 0;
  private dataSet: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lastTickMs: number | null = null;
  private ticking: Promise<void> = Promise.resolve();

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: LeadershipOptions,
  ) {}

  /** Starts competing for the leadership. */
  start(): void {
    this.ticking = this.tick();
  }

  /** Stops, and lets another dispatcher lead at once. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.ticking;
    if (this.term > 0 && this.redis.status === 'ready') await resign(this.redis, this.keys, this.options.dispatcherId);
    this.term = 0;
  }

  private async tick(): Promise<void> {
    const startedAtMs = performance.now();
    try {
      const { term, dataSet } = await lead(this.redis, this.keys, this.options.dispatcherId, this.options.leaseMs);
      this.term = term;
      this.note(dataSet);
      if (this.term > 0) await this.sweep(startedAtMs);
    } catch (error) {
      this.term = 0;
      this.options.onError(error);
    }
    this.lastTickMs = startedAtMs;
    if (this.options.signal.aborted) return;
    this.timer = setTimeout(() => {
      this.ticking = this.tick();
    }, this.options.sweepMs);
  }

  private note(dataSet: string): void {
    if (this.dataSet !== undefined && this.dataSet !== dataSet) {
      this.dataSetsLost++;
      const message = `Redis has lost the data of ${this.keys.prefix}: what was enqueued before is gone`;
      this.options.onError(new ShuntError('STORE_UNAVAILABLE', message));
    }
    this.dataSet = dataSet;
  }

  private async sweep(startedAtMs: number): Promise<void> {
    const { redis, keys, options } = this;
    if (mayJudge(this.lastTickMs, startedAtMs, options.leaseMs / 2)) {
      const [seconds, micros] = await redis.time();
      const nowMs = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
      const { marginMs, maxStalledCount, watchdog } = options;
      const verdict = { term: this.term, marginMs, maxStalledCount };
      for (const worker of expired(await this.leases(), nowMs, marginMs)) {
        this.workersLost++;
        await evict(redis, keys, worker, verdict);
      }
      for (const worker of await watchdog.look(this.term)) await evict(redis, keys, worker, verdict);
      await forget(redis, keys, this.term, options.forgetMs);
    }
    await options.onSweep(this.term);
  }

  private async leases() {
    const [alive, routable, leases] = await Promise.all([
      this.redis.hkeys(this.keys.of('incarnations')),
      this.redis.hkeys(this.keys.of('routable')),
      this.redis.zrange(this.keys.of('leases'), '0', '-1', 'WITHSCORES'),
    ]);
    const leaseUntil = new Map<string, number>();
    for (let i = 0; i < leases.length; i += 2) leaseUntil.set(String(leases[i]), Number(leases[i + 1]));
    return [...new Set([...alive, ...routable])].map((id) => ({ id, leaseUntilMs: leaseUntil.get(id) ?? 0 }));
  }
}
