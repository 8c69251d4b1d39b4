import { Logger, type OnApplicationBootstrap, type OnApplicationShutdown, type OnModuleDestroy } from '@nestjs/common';
import type { Shunt, ShuntWorker } from '@shunt/sdk';
import type { ShuntPoolOptions } from './module-options.js';
import type { ShuntRuntime } from './shunt-runtime.js';
import type { TaskClasses } from './task-classes.js';

/**
 * One pool of an application: its client, and its worker from bootstrap on, where a class handles tasks of it. The worker has stopped
 * when the modules' `onModuleDestroy` is over; the client is closed with `onApplicationShutdown`.
 */
export class PoolHost implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  readonly client: Shunt;
  private readonly logger = new Logger('Shunt');
  private worker: ShuntWorker | undefined;
  /** Why the worker ended, though nobody told it to. */
  private failure: Error | undefined;

  /** @param name as `forFeature` has it; undefined for the pool of `forRoot` */
  constructor(
    private readonly name: string | undefined,
    private readonly options: ShuntPoolOptions,
    private readonly runtime: ShuntRuntime,
    private readonly classes: TaskClasses,
  ) {
    const { worker: _, ...place } = options;
    this.client = runtime.connect(place);
  }

  onApplicationBootstrap(): void {
    const { handlers, hooks } = this.classes.of(this.name);
    const { worker: own, timeout: _, maxPayloadBytes: __, ...place } = this.options;
    if (own === false || Object.keys(handlers).length === 0) return;
    const worker = this.runtime.createWorker({ ...place, ...own, ...hooks, handlers });
    worker.lane.on('error', (error) => this.logger.error(error.message));
    this.worker = worker;
    worker.run().catch((error: Error) => {
      this.failure = error;
      this.logger.error(error.message, error.stack);
    });
    this.logger.log(`Worker ${worker.id} handles ${Object.keys(handlers).join(', ')}`);
  }

  /** Why it cannot do its work right now, null when it can. */
  async notReady(): Promise<string | null> {
    if (this.failure) return this.failure.message;
    if (this.worker && !this.worker.lane.isRunning()) return 'the worker is not registered with Redis yet';
    return this.client.pool.totals().then(
      () => null,
      (error: Error) => error.message,
    );
  }

  async onModuleDestroy(): Promise<void> {
    const outcome = await this.worker?.close();
    if (outcome && outcome !== 'clean') this.logger.warn(`Worker ${this.worker?.id} stopped: ${outcome}`);
  }

  onApplicationShutdown(): void {
    this.client.close();
  }
}
