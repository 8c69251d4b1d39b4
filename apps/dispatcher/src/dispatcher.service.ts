import type { OnApplicationShutdown } from '@nestjs/common';
import {
  Dispatcher,
  type DispatcherOptions,
  KEY_PREFIX,
  type KeptAlerts,
  openRedis,
  ownId,
  queueNameOf,
  silenceMs,
} from '@shunt/lanes';
import { errorReporter, type Logger, tellReturns } from '@shunt/runtime';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { AlertTeller } from './alerts/alert-teller.js';
import { OwnAlerts } from './alerts/own-alerts.js';
import { Webhook } from './alerts/webhook.js';
import { ConfigFile } from './config-file.js';
import { type Sample, takeSample } from './live/sample.js';
import { PoolMetrics } from './pool-metrics.js';

/** What the service needs. */
export interface DispatcherServiceOptions extends DispatcherOptions {
  readonly logger: Logger;
  /** File with the pool's configuration. Defaults to none. */
  readonly configFile?: string | undefined;
  /** Where alerts are posted. Defaults to nowhere. */
  readonly alertWebhook?: string | undefined;
}

/** Runs a dispatcher from `start` to the end of its Nest application. */
export class DispatcherService implements OnApplicationShutdown {
  readonly dispatcher: Dispatcher;
  readonly metrics: PoolMetrics;
  /** The pool as BullMQ sees it, to look at. */
  readonly queue: Queue;
  private readonly reader: Redis;
  private readonly ownAlerts: OwnAlerts;
  private readonly stopping = new AbortController();
  private readonly configFile: ConfigFile | undefined;

  constructor({ logger, configFile: path, alertWebhook: url, ...options }: DispatcherServiceOptions) {
    const { signal } = this.stopping;
    const webhook = url === undefined ? undefined : new Webhook({ url, signal });
    const { dispatcherId = ownId(), pool } = options;
    const teller = new AlertTeller({ pool, dispatcher: dispatcherId, logger, webhook });
    this.dispatcher = new Dispatcher({ ...options, dispatcherId, onAlert: teller.tell });
    this.dispatcher.on('error', errorReporter(logger));
    this.dispatcher.on('leading', (term, why) => {
      const about = { dispatcher: dispatcherId, pool, term };
      logger.info(about, term > 0 ? `leads pool ${pool}` : `leads pool ${pool} no more: ${why}`);
    });
    this.dispatcher.on('lost', (worker, tasks) => {
      logger.warn({ worker, tasks }, `worker ${worker} is dead: its ${tasks} tasks go to others`);
    });
    this.reader = openRedis(options.redis, {
      maxRetriesPerRequest: 1,
      commandTimeout: 2000,
      socketTimeout: silenceMs(0),
    });
    tellReturns(this.reader, logger);
    this.queue = new Queue(queueNameOf(pool), {
      connection: this.reader,
      prefix: options.prefix ?? KEY_PREFIX,
      skipMetasUpdate: true,
    });
    this.queue.on('error', () => undefined);
    if (path !== undefined) {
      const { keys, leadership } = this.dispatcher;
      const losses = () => leadership.dataSetsLost;
      this.configFile = new ConfigFile({ path, redis: this.reader, keys, logger, losses });
    }
    const { keys } = this.dispatcher;
    this.ownAlerts = new OwnAlerts({
      leadsUntilMs: async () => Number((await this.reader.hget(keys.of('leader'), 'expiresAt')) ?? 0),
      tell: teller.tell,
    });
    this.metrics = new PoolMetrics(this.reader, keys, pool, this.dispatcher, () => this.alerts);
  }

  /** Begins to dispatch; called once the endpoints listen, so that a process that cannot be seen takes no part. */
  start(): void {
    this.dispatcher.start();
    this.ownAlerts.start();
    void this.configFile?.start();
  }

  /** Rejects with INVALID_CONFIG when no pool may live on the Redis. */
  get refused(): Promise<never> {
    return this.dispatcher.refused;
  }

  /** A look at the pool, behind an entry of its journal. Null while Redis is known not to answer. */
  async look(lastEntry: string | null): Promise<Sample | null> {
    return this.dispatcher.isConnected ? takeSample(this.reader, this.dispatcher.keys, lastEntry) : null;
  }

  /** What it knows of the pool without Redis. */
  facts() {
    const { sweep, config } = this.dispatcher;
    const { strategy } = config.current;
    return { workersLost: sweep.workersLost, configVersion: config.version, strategy: strategy.name };
  }

  async onApplicationShutdown(): Promise<void> {
    this.configFile?.stop();
    this.ownAlerts.stop();
    this.stopping.abort();
    await this.dispatcher.stop();
    this.reader.disconnect();
  }

  /** The alerts that it judges by itself, as far as they are more than inactive. */
  get alerts(): KeptAlerts {
    return this.ownAlerts.current;
  }

  /** Why it cannot dispatch right now, null when it can. */
  notReady(): string | null {
    return this.dispatcher.isConnected ? null : 'Redis does not answer';
  }
}
