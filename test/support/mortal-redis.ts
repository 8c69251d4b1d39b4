import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFrailProgram } from './frail-disk.js';
import { startTestRedis, type TestRedis } from './redis.js';
import { redisProgram } from './redis-program.js';

/** How a {@link MortalRedis} is besides its place. */
export interface MortalRedisOptions {
  /** More arguments of its server. Defaults to none. */
  readonly args?: readonly string[];
  /** Whether its disk can be filled (frail-disk.ts). Defaults to false. */
  readonly hasFrailDisk?: boolean;
}

/** A durable Redis that goes and comes back at the same address with its data. */
export class MortalRedis {
  private readonly folder = mkdtempSync(join(tmpdir(), 'shunt-mortal-redis-'));
  private readonly dataDir = join(this.folder, 'data');
  private server: TestRedis | undefined;
  port: number | undefined;

  constructor(private readonly options: MortalRedisOptions = {}) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, on a free port the first time. */
  async up(): Promise<void> {
    const { folder, dataDir, port } = this;
    const { args = [], hasFrailDisk = false } = this.options;
    const frail = hasFrailDisk ? { SHUNT_REDIS_SERVER: await writeFrailProgram(join(folder, 'redis-server')) } : {};
    const environment = { ...process.env, ...frail };
    const place = port === undefined ? { dataDir } : { dataDir, port };
    this.server = await startTestRedis({ durable: true, args, environment, ...place });
    this.port = this.server.port;
  }

  /** The running server. */
  get running(): TestRedis {
    if (this.server === undefined) throw new Error('this Redis is down');
    return this.server;
  }

  /** Kills it, as a crash does. Resolves once it is gone. */
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

  /** Stops it for good, and removes its data. */
  async end(): Promise<void> {
    await this.down();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
