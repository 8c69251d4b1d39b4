import { createWorker, type Handler, type Shunt, type ShuntWorker, type WorkerOptions } from '@shunt/sdk';
import { expect, test } from 'vitest';
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
      lease: 5000,
      ...options,
      handlers,
    });
    worker.lane.on('error', (error) => this.errors.push(error));
    this.workers.push(worker);
    return worker;
  }

  /** The workers of an id, oldest first. */
  served(id: string): readonly ShuntWorker[] {
    return this.workers.filter((worker) => worker.id === id);
  }

  override async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    await super.close();
  }
}

/** `it` of a spec about workers: each test gets a pool with a dispatcher and a client; nothing in it may report an error. */
export const it = test.extend<{ pool: SdkPool; client: Shunt }>({
  pool: async ({ task: _task }, use) => {
    const pool = new SdkPool();
    pool.dispatcher();
    await use(pool);
    await pool.close();
    expect(pool.errors).toEqual([]);
  },
  client: async ({ pool }, use) => use(pool.client()),
});
