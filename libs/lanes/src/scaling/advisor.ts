import { nextAdvice } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { PoolSight } from '../pool/pool-sight.js';
import type { Live } from '../pool-config/config-watcher.js';
import type { DispatcherTuning } from '../pool-config/dispatcher-tuning.js';
import { ScaleDriver, type Scaler } from './scale-driver.js';
import { scaleFacts } from './scale-facts.js';
import { keepScale, readScale, scalerMs } from './scale-store.js';

/** Options of {@link Advisor}. */
export interface AdvisorOptions {
  readonly tuning: Live<Pick<DispatcherTuning, 'scale'>>;
  /** Has as many workers run as are wished for. Defaults to nobody: there is advice only. */
  readonly scaler?: Scaler | undefined;
  readonly onError: (error: unknown) => void;
}

/** A leader's part in scaling: it advises, and has a scaler follow the wish. */
export class Advisor {
  private readonly driver: ScaleDriver | undefined;
  private driving: Promise<unknown> | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: AdvisorOptions,
  ) {
    if (options.scaler) this.driver = new ScaleDriver(redis, keys, options.scaler);
  }

  /** Takes one look under a leader's term. The scaler is not waited for. */
  async look(term: number, sight: PoolSight): Promise<void> {
    const { redis, keys, driver } = this;
    const { limits, isFollowed } = this.options.tuning.current.scale;
    const { advice: before, wish, victims } = await readScale(redis, keys);
    const advice = nextAdvice(before, scaleFacts(sight), limits, sight.nowMs);
    const found = advice === before ? {} : { advice };
    const followed = driver === undefined ? {} : { scalerUntilMs: sight.nowMs + scalerMs };
    const news = { ...found, ...followed };
    if (Object.keys(news).length > 0 && !(await keepScale(redis, keys, term, news))) return;
    const target = wish ?? (isFollowed ? advice.desired : null);
    if (driver === undefined || this.driving !== undefined || (target === null && victims.length === 0)) return;
    const keep = (next: readonly string[]) => keepScale(redis, keys, term, { victims: next });
    this.driving = driver
      .step(target ?? sight.stats.workers.length, victims, { term, keep })
      .catch(this.options.onError)
      .finally(() => {
        this.driving = undefined;
      });
  }

  /** Resolves once nothing is under way. */
  async stop(): Promise<void> {
    await this.driving;
  }
}
