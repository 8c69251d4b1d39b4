import {
  type AuditEntry,
  type AuditRecord,
  auditPage,
  type ConfigChanges,
  changePoolConfig,
  encodeAgentId,
  invalidInput,
  type JournalFilter,
  type JournalPage,
  journalPage,
  maxWorkers,
  oldestAgeMs,
  type PoolConfigInput,
  type PoolStats,
  type PoolTotals,
  plannedPoolConfig,
  poolStats,
  poolTotals,
  type ResponseTimes,
  readPoolConfig,
  responseTimes,
  type ScaleStatus,
  scaleStatus,
  type VersionedConfig,
  wishScale,
  workersOf,
  writeAudit,
} from '@shunt/lanes';
import { assertJournalOptions } from '../input/list-options.js';
import { assertOrderOptions, namedOrderer, type OrderOptions } from '../input/order-options.js';
import { type ConfigPlan, configPlan } from '../plans/config-plan.js';
import { type ScalePlan, scalePlan } from '../plans/scale-plan.js';
import type { FollowOptions } from '../task/task-handle.js';
import type { Store } from './store.js';
import type { StreamEntry, StreamFeed } from './stream-feed.js';

/** How a pool's configuration is changed. */
export interface SetConfigOptions extends OrderOptions {
  /** The only version it may replace, as read before. Defaults to any. */
  readonly ifVersion?: number | undefined;
}

/** Which entries of the journal are told. */
export interface JournalOptions extends JournalFilter {
  /** Agent id. */
  readonly agent?: string | undefined;
  /** Most entries of a page. Defaults to 100. */
  readonly limit?: number | undefined;
  /** The cursor of the page before. Defaults to the newest entry. */
  readonly before?: string | undefined;
}

/** Tasks that response times are of: a read each. */
const maxTimedTasks = 500;
/** Time between looks of a listener. */
const lookMs = 400;

/** A pool as a whole: what it is told to do while it runs, how it does, and who changed it. */
export class Pool {
  constructor(
    private readonly store: Store,
    private readonly timeoutMs: number,
    private readonly journal: StreamFeed,
  ) {}

  /** What the pool was told; all else is as each process's own settings say. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  getConfig(): Promise<VersionedConfig> {
    return this.call((redis, keys) => readPoolConfig(redis, keys));
  }

  /**
   * Changes some of it: all of the change or none. Null takes a key back to the processes' own settings. Every process applies it within
   * a second; the journal tells each key's old and new value.
   *
   * @throws ShuntError INVALID_CONFIG naming each bad field, INVALID_INPUT naming by or reason, CONFLICT with `details.version` when that is not `ifVersion`,
   *   STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  setConfig(changes: ConfigChanges, options: SetConfigOptions = {}): Promise<VersionedConfig> {
    return this.change(changes, options, false);
  }

  /** What `setConfig` would make of it, as things are, and the version that would have. Changes nothing. @throws ShuntError as it */
  async configPlan(changes: ConfigChanges, { ifVersion, ...options }: SetConfigOptions = {}): Promise<ConfigPlan> {
    assertOrderOptions(options);
    return configPlan(await this.call((redis, keys) => plannedPoolConfig(redis, keys, changes, { ifVersion })));
  }

  /** Makes this all it was told: what is not in it is as the processes' own settings say. @throws ShuntError as `setConfig` */
  replaceConfig(config: PoolConfigInput, options: SetConfigOptions = {}): Promise<VersionedConfig> {
    return this.change(config, options, true);
  }

  /**
   * Calls back with what the pool was told, now and within a second of each change. An absence of Redis is waited for. The returned
   * function ends it, as does the end of the client.
   */
  onConfig(listener: (told: VersionedConfig) => void): () => void {
    const { waits } = this.store;
    let isOver = false;
    const follow = async () => {
      for (let last: string | undefined; !isOver && !waits.isClosed; ) {
        const told = await this.getConfig().catch(() => undefined);
        const seen = JSON.stringify(told);
        if (told && seen !== last && !isOver) listener(told);
        last = told ? seen : last;
        await waits.pause(performance.now() + lookMs).catch(() => undefined);
      }
    };
    void follow();
    return () => {
      isOver = true;
    };
  }

  /** Depths, workers and totals of now. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  stats(): Promise<PoolStats> {
    return this.call(poolStats);
  }

  /** What was enqueued and what attempts came to since the pool exists. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  totals(): Promise<PoolTotals> {
    return this.call(poolTotals);
  }

  /** How long the task has waited that is next and waits longest, in ms. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  oldestAgeMs(): Promise<number> {
    return this.call(async (redis, keys) => oldestAgeMs(redis, keys, await workersOf(redis, keys)));
  }

  /** How many workers the pool has and should have. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  scale(): Promise<ScaleStatus> {
    return this.call(scaleStatus);
  }

  /**
   * Wishes for so many workers, `auto` to leave it to the advice. A scaler brings them about, if there is one.
   *
   * @throws ShuntError INVALID_INPUT naming workers, by or reason, STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  async setScale(workers: number | 'auto', options: OrderOptions = {}): Promise<void> {
    assertWish(workers);
    assertOrderOptions(options);
    const wish = namedOrderer(options);
    await this.call((redis, keys) => wishScale(redis, keys, workers === 'auto' ? null : workers, wish));
  }

  /** What `setScale` would do, as things are. Changes nothing. @throws ShuntError as it */
  async scalePlan(workers: number | 'auto'): Promise<ScalePlan> {
    assertWish(workers);
    return scalePlan(await this.scale(), workers);
  }

  /** How long the 500 tasks took that completed last. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  responseTimes(): Promise<ResponseTimes> {
    return this.call((redis, keys) => responseTimes(redis, keys, maxTimedTasks));
  }

  /** Up to `limit` entries of the audit older than the id `before`, newest first. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  audit({ limit, before }: { limit: number; before?: string | undefined }): Promise<AuditRecord[]> {
    return this.call((redis, keys) => auditPage(redis, keys, limit, before));
  }

  /** Notes in the audit what somebody asks to be changed. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  async writeAudit(entry: AuditEntry): Promise<void> {
    const nonce = crypto.randomUUID();
    await this.call((redis, keys) => writeAudit(redis, keys, entry, nonce));
  }

  /**
   * What happened, newest first. A page may be empty and yet not the last one: go on until its cursor is null.
   *
   * @throws ShuntError INVALID_INPUT naming the field, STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  async past(options: JournalOptions = {}): Promise<JournalPage> {
    assertJournalOptions(options);
    const { limit = 100, before, agent, ...filter } = options;
    const key = agent === undefined ? undefined : encodeAgentId(agent);
    return this.call((redis, keys) => journalPage(redis, keys, { ...filter, agent: key }, limit, before));
  }

  /**
   * Follows the journal: what happened to agents, workers and leaders behind the entry `after`, by default from now on, until the signal
   * aborts. It holds the newest 100,000 entries.
   *
   * @throws ShuntError STORE_UNAVAILABLE, also once the client is closed, DEADLINE_EXCEEDED
   */
  async *follow({ after, signal = new AbortController().signal }: FollowOptions = {}): AsyncGenerator<StreamEntry> {
    const from = after ?? (await this.journal.newest(performance.now() + this.timeoutMs));
    for await (const batch of this.journal.follow(from, this.timeoutMs, signal)) yield* batch;
  }

  private async change(changes: ConfigChanges, { ifVersion, ...options }: SetConfigOptions, replaces: boolean) {
    assertOrderOptions(options);
    const orderer = namedOrderer(options);
    const { version, config } = await this.call((redis, keys) =>
      changePoolConfig(redis, keys, changes, { ...orderer, ifVersion, replaces }),
    );
    return { version, config };
  }

  private call<T>(send: (redis: Store['redis'], keys: Store['keys']) => Promise<T>): Promise<T> {
    return this.store.call(performance.now() + this.timeoutMs, (redis) => send(redis, this.store.keys));
  }
}

/** @throws ShuntError INVALID_INPUT naming workers */
function assertWish(workers: number | 'auto'): void {
  if (workers === 'auto' || (Number.isInteger(workers) && workers >= 0 && workers <= maxWorkers)) return;
  throw invalidInput([{ field: 'workers', message: `must be 'auto' or a whole number from 0 to ${maxWorkers}` }]);
}
