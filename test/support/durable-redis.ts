import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestRedis, type TestRedis } from './redis.js';

/** A Redis that is killed and comes back at the same address with all it acknowledged: an AOF that is synced at every write. */
export class DurableRedis {
  private readonly dataDir = mkdtempSync(join(tmpdir(), 'shunt-durable-'));
  private server: TestRedis | undefined;

  private constructor() {}

  /** Starts one on a free port. */
  static async start(): Promise<DurableRedis> {
    const redis = new DurableRedis();
    await redis.up();
    return redis;
  }

  get url(): string {
    return this.running.url;
  }

  get pid(): number {
    return this.running.pid ?? 0;
  }

  /** Starts it again. */
  async up(): Promise<void> {
    const port = this.server === undefined ? {} : { port: this.server.port };
    this.server = await startTestRedis({
      durable: true,
      dataDir: this.dataDir,
      args: ['--appendfsync', 'always'],
      ...port,
    });
  }

  /** Kills it by SIGKILL. Resolves once it is gone. */
  async kill(): Promise<void> {
    this.running.kill('SIGKILL');
    await this.running.exited;
  }

  /** Sends it a signal that it survives: SIGSTOP, SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.running.kill(signal);
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.running.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private get running(): TestRedis {
    if (this.server === undefined) throw new Error('the Redis was never started');
    return this.server;
  }
}
