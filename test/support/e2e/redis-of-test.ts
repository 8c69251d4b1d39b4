import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnsureRedisOptions } from '@shunt/redis-server';
import { onTestFinished } from 'vitest';
import { startTestRedis, type TestRedis } from '../redis.js';
import { redisProgram } from '../redis-program.js';

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

  /**
   * Has the disk forget what was written after a second of Unix time, as a power failure does; it must be down, and have run with
   * `--aof-timestamp-enabled yes`.
   */
  async losePower(afterS: number): Promise<void> {
    const { path, variables } = await redisProgram();
    const manifest = join(this.dataDir, 'appendonlydir', 'appendonly.aof.manifest');
    // The server is this tool as well, when it is called by its name.
    const tool = spawn(path, ['--truncate-to-timestamp', String(afterS), manifest], {
      argv0: 'redis-check-aof',
      env: { ...process.env, ...variables },
      stdio: 'ignore',
    });
    const [code] = await once(tool, 'exit');
    if (code !== 0) throw new Error(`redis-check-aof ended with ${code}`);
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
