import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startTestRedis, type TestRedis } from '../redis.js';

/** A Redis of one test that goes and comes back at the same address with its data; ended with the test. */
export class RedisOfTest {
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'shunt-e2e-redis-'));
  private server: TestRedis | undefined;
  port: number | undefined;

  constructor() {
    onTestFinished(async () => {
      await this.down();
      rmSync(this.dataDir, { recursive: true });
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, on a free port the first time. */
  async up(): Promise<void> {
    const { dataDir, port } = this;
    this.server = await startTestRedis({ durable: true, dataDir, ...(port === undefined ? {} : { port }) });
    this.port = this.server.port;
  }

  /** Stops it. */
  async down(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
  }
}
