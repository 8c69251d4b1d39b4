import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { changePoolConfig, configuredFile, isShuntError, type PoolConfigInput, type PoolKeys } from '@shunt/lanes';
import { errorReporter, type Logger, parseConfig } from '@shunt/runtime';
import type { Redis } from 'ioredis';

/** Time between looks at the file. */
const lookMs = 200;

/** What a {@link ConfigFile} works with. */
export interface ConfigFileOptions {
  readonly path: string;
  readonly redis: Redis;
  readonly keys: PoolKeys;
  readonly logger: Logger;
  /** How often Redis lost the pool's data so far: the file is applied again then. */
  readonly losses: () => number;
}

/**
 * Makes a file the pool's configuration: when it starts, and each time the file's text becomes another one than the pool was last
 * configured by. Its text is read, not watched for events: a mounted ConfigMap is swapped by a link. A file that is bad
 * changes nothing, and one that is still being written waits until two looks see the same.
 */
export class ConfigFile {
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private seen: string | undefined;
  private handled: string | undefined;
  private readonly report: (error: unknown) => void;

  constructor(private readonly options: ConfigFileOptions) {
    this.report = errorReporter(options.logger);
  }

  /** Looks at once, and again and again until stopped. */
  async start(): Promise<void> {
    await this.look().catch(this.report);
    if (!this.isStopped) this.timer = setTimeout(() => this.start(), lookMs);
  }

  /** Looks no more. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const { path, losses } = this.options;
    const text = await readFile(path, 'utf8').catch(() => null);
    const state = JSON.stringify([text, losses()]);
    const isSettled = this.seen === undefined || this.seen === state;
    this.seen = state;
    if (!isSettled || state === this.handled) return;
    if (text === null) this.tell(`${path} cannot be read: the configuration stays`);
    else await this.apply(text);
    this.handled = state;
  }

  private async apply(text: string): Promise<void> {
    const { path, redis, keys, logger } = this.options;
    const file = createHash('sha256').update(text).digest('hex');
    if ((await configuredFile(redis, keys)) === file) return;
    try {
      const config = parseConfig(text, 'file') as PoolConfigInput;
      const options = { nonce: randomUUID(), by: 'file', replaces: true, file };
      const { version, changes } = await changePoolConfig(redis, keys, config, options);
      logger.info({ path, version, changes }, 'configuration applied from the file');
    } catch (error) {
      if (!isShuntError(error, 'INVALID_CONFIG')) throw error;
      const fields = error.details.map(({ field }) => field);
      this.tell(`${path} is refused and changes nothing: ${error.message}`, fields);
    }
  }

  private tell(message: string, fields: readonly string[] = []): void {
    const { logger, path } = this.options;
    logger.error({ path, fields }, message);
  }
}
