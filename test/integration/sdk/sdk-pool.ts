import { createWorker, type Handler, type ShuntWorker, type WorkerOptions } from '@shunt/sdk';
import { TestPool } from '../../support/pool.js';

/** A pool with workers made by the SDK. */
export class SdkPool extends TestPool {
  private readonly workers: ShuntWorker[] = [];

  /** A running worker. */
  serve(handlers: Record<string, Handler>, options: Partial<WorkerOptions> = {}): ShuntWorker {
    const worker = this.idleWorker(handlers, options);
    worker.run().catch((error) => this.errors.push(error));
    return worker;
  }

  /** A worker that does not run yet. */
  idleWorker(handlers: Record<string, Handler>, options: Partial<WorkerOptions> = {}): ShuntWorker {
    const worker = createWorker({
      redis: this.url,
      pool: this.pool,
      heartbeat: 100,
      lease: 2000,
      ...options,
      handlers,
    });
    worker.lane.on('error', (error) => this.errors.push(error));
    this.workers.push(worker);
    return worker;
  }

  override async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    await super.close();
  }
}
