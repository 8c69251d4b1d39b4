import type { OnApplicationShutdown } from '@nestjs/common';
import { Dispatcher, type DispatcherOptions, openRedis, silenceMs } from '@shunt/lanes';
import { errorReporter, type Logger } from '@shunt/runtime';
import type { Redis } from 'ioredis';
import { ConfigFile } from './config-file.js';
import { PoolMetrics } from './pool-metrics.js';

/** What the service needs. */
export interface DispatcherServiceOptions extends DispatcherOptions {
  readonly logger: Logger;
  /** File with the pool's configuration. Defaults to none. */
  readonly configFile?: string | undefined;
}

/** Runs a dispatcher from `start` to the end of its Nest application. */
export class DispatcherService implements OnApplicationShutdown {
  readonly dispatcher: Dispatcher;
  readonly metrics: PoolMetrics;
  private readonly reader: Redis;
  private readonly configFile: ConfigFile | undefined;

  constructor({ logger, configFile: path, ...options }: DispatcherServiceOptions) {
    this.dispatcher = new Dispatcher(options);
    this.dispatcher.on('error', errorReporter(logger));
    this.reader = openRedis(options.redis, {
      maxRetriesPerRequest: 1,
      commandTimeout: 2000,
      socketTimeout: silenceMs(0),
    });
    this.reader.on('error', () => undefined);
    if (path !== undefined) {
      const { keys, leadership } = this.dispatcher;
      const losses = () => leadership.dataSetsLost;
      this.configFile = new ConfigFile({ path, redis: this.reader, keys, logger, losses });
    }
    this.metrics = new PoolMetrics(this.reader, this.dispatcher.keys, options.pool, this.dispatcher);
  }

  /** Begins to dispatch; called once the endpoints listen, so that a process that cannot be seen takes no part. */
  start(): void {
    this.dispatcher.start();
    void this.configFile?.start();
  }

  /** Rejects with INVALID_CONFIG when no pool may live on the Redis. */
  get refused(): Promise<never> {
    return this.dispatcher.refused;
  }

  async onApplicationShutdown(): Promise<void> {
    this.configFile?.stop();
    await this.dispatcher.stop();
    this.reader.disconnect();
  }

  /** Why it cannot dispatch right now, null when it can. */
  notReady(): string | null {
    return this.dispatcher.isConnected ? null : 'Redis does not answer';
  }
}
