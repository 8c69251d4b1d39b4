import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnsureRedisOptions } from '@shunt/redis-server';
import { onTestFinished } from 'vitest';
import { startTestRedis, type TestRedis } from '../redis.js';

/** A Redis of one test that goes and comes back at the same address with its data; ended with the test. */
export class RedisOfTest {
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'shunt-e2e-redis-'));
  private server: TestRedis | undefined;
  port: number | undefined;

  /** `options` are those of the server besides its place. */
  constructor(private readonly options: Pick<EnsureRedisOptions, 'args' | 'environment'> = {}) {
    onTestFinished(async () => {
      await this.down();
      rmSync(this.dataDir, { recursive: true, force: true });
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, on a free port the first time. */
  async up(): Promise<void> {
    const { dataDir, port, options } = this;
    this.server = await startTestRedis({ durable: true, ...options, dataDir, ...(port === undefined ? {} : { port }) });
    this.port = this.server.port;
  }

  /** The running server. */
  get running(): TestRedis {
    if (this.server === undefined) throw new Error('this Redis is down');
    return this.server;
  }

  /** Kills it, as a crash does. */
  async crash(): Promise<void> {
    this.running.kill('SIGKILL');
    await this.running.exited;
    this.server = undefined;
  }

  /** Removes its data; it must be down. */
  loseData(): void {
    rmSync(this.dataDir, { recursive: true });
  }

  /** Stops it. */
  async down(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }
}
