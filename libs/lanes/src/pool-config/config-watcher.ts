import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { isShuntError, ShuntError } from '../shunt-error.js';
import { parsePoolConfig } from './check-config.js';
import type { PoolConfig } from './hot-keys.js';

/** A value that may be another one each time it is looked at. */
export interface Live<T> {
  readonly current: T;
}

/** What a watcher does with a configuration. */
export interface WatcherOptions<Tuning> {
  /** Makes of a configuration what the process goes by. What it throws leaves the one before in force. */
  readonly tune: (config: PoolConfig) => Tuning;
  /** Called with another one than before, after it is in force. */
  readonly onChange?: (tuning: Tuning, before: Tuning) => void;
  /** Called once for each configuration that cannot be applied. */
  readonly onRefused: (error: ShuntError) => void;
}

/**
 * Time between looks. A look at a configuration that is as before costs Redis one HMGET; a notification would need a connection of
 * its own, and looks besides, as it can be lost.
 */
const lookMs = 400;

/**
 * Keeps a process at its pool's configuration: from the first look on, and within a second of each change, also after an absence of
 * Redis and after a loss of its data.
 */
export class PoolConfigWatcher<Tuning> implements Live<Tuning> {
  /** Version in force, 0 for the process's own settings. */
  version = 0;
  /** Why the pool's configuration is not in force, null while it is. */
  refused: ShuntError | null = null;
  private tuning: Tuning;
  /** Names the change that was looked at last: a version may come again after Redis lost data. */
  private seen = '';
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  /** @throws what `tune` throws for the process's own settings */
  constructor(
    private readonly redis: Redis,
    private readonly keys: PoolKeys,
    private readonly options: WatcherOptions<Tuning>,
  ) {
    this.tuning = options.tune({});
  }

  /** What the process goes by now. */
  get current(): Tuning {
    return this.tuning;
  }

  /** Looks once, resolves, and goes on looking until stopped. */
  async start(): Promise<void> {
    // Redis is away or refuses: whoever works with it tells so, and the next look comes soon.
    await this.look().catch(() => undefined);
    if (!this.isStopped) this.timer = setTimeout(() => this.start(), lookMs);
  }

  /** Looks no more. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const key = this.keys.of('config');
    const seen = (await this.redis.hget(key, 'nonce')) ?? '';
    if (seen === this.seen || this.isStopped) return;
    const [nonce, version, json] = await this.redis.hmget(key, 'nonce', 'version', 'json');
    if (this.isStopped) return;
    this.seen = nonce ?? '';
    this.apply(Number(version ?? 0), json ?? '{}');
  }

  private apply(version: number, json: string): void {
    const before = this.tuning;
    try {
      this.tuning = this.options.tune(parsePoolConfig(JSON.parse(json)));
    } catch (error) {
      this.refuse(version, error);
      return;
    }
    this.version = version;
    this.refused = null;
    this.options.onChange?.(this.tuning, before);
  }

  private refuse(version: number, error: unknown): void {
    const { message } = error as Error;
    const what = `version ${version} of the pool's configuration cannot be applied, ${this.version} stays: ${message}`;
    const details = isShuntError(error, 'INVALID_CONFIG') ? error.details : [];
    this.refused = new ShuntError('INVALID_CONFIG', what, { details, cause: error });
    this.options.onRefused(this.refused);
  }
}
