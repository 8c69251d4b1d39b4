import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, guardChild } from '@shunt/redis-server';
import { Redis } from 'ioredis';
import { onTestFinished, vi } from 'vitest';
import { startTestRedis, type TestRedis } from './redis.js';
import { redisProgram } from './redis-program.js';

const masterName = 'shunt-master';
const patience = { timeout: 60_000, interval: 20 };

/** A master and a replica, watched by three Sentinels, of one test. */
export class SentinelFleet {
  private constructor(
    /** The master before any failover. */
    readonly master: TestRedis,
    readonly replica: TestRedis,
    private readonly ports: readonly number[],
  ) {}

  /** Starts everything. Resolves once the replica is in step and the Sentinels know of each other and of it. */
  static async start(): Promise<SentinelFleet> {
    const sync = ['--repl-diskless-sync-delay', '0'];
    const master = await startTestRedis({ durable: true, args: sync });
    const replica = await startTestRedis({
      durable: true,
      args: [...sync, '--replicaof', '127.0.0.1', `${master.port}`],
    });
    onTestFinished(async () => {
      master.kill('SIGCONT');
      await Promise.all([master.stop(), replica.stop()]);
    });
    await until(replica.url, async (redis) => (await redis.info('replication')).includes('master_link_status:up'));
    const ports = await Promise.all([
      startSentinel(master.port),
      startSentinel(master.port),
      startSentinel(master.port),
    ]);
    const fleet = new SentinelFleet(master, replica, ports);
    for (const port of ports) await until(urlOf(port), (redis) => knowsAll(redis));
    return fleet;
  }

  /** Where clients find the master. */
  get url(): string {
    return `redis+sentinel://${this.ports.map((port) => `127.0.0.1:${port}`).join(',')}/${masterName}`;
  }

  /** Resolves once what was written to the master so far is on the replica as well. */
  async replicated(): Promise<void> {
    await using(this.master.url, async (redis) => {
      await redis.set('mark', '1');
      if ((await redis.wait(1, 30_000)) < 1) throw new Error('the replica did not keep up');
    });
  }

  /** Resolves once every Sentinel names the former replica, which has become a master. */
  async failedOver(): Promise<void> {
    for (const port of this.ports) {
      await until(urlOf(port), async (redis) => (await masterOf(redis)).port === this.replica.port);
    }
    await until(this.replica.url, async (redis) => (await redis.info('replication')).includes('role:master'));
  }
}

const urlOf = (port: number) => `redis://127.0.0.1:${port}`;

async function masterOf(sentinel: Redis): Promise<{ port: number }> {
  const [, port] = (await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName)) as [string, string];
  return { port: Number(port) };
}

async function knowsAll(sentinel: Redis): Promise<boolean> {
  const flat = (await sentinel.call('SENTINEL', 'MASTER', masterName)) as string[];
  const field = (name: string) => flat[flat.indexOf(name) + 1];
  return field('num-slaves') === '1' && field('num-other-sentinels') === '2' && field('flags') === 'master';
}

async function startSentinel(masterPort: number): Promise<number> {
  const { path, variables } = await redisProgram();
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'shunt-sentinel-'));
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${masterName} 1000`,
    `sentinel failover-timeout ${masterName} 10000`,
  ];
  writeFileSync(join(folder, 'sentinel.conf'), `${lines.join('\n')}\n`);
  const child = spawn(path, [join(folder, 'sentinel.conf'), '--sentinel'], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, ...variables },
  });
  const dismissGuard = guardChild(child);
  onTestFinished(async () => {
    await ended(child);
    dismissGuard();
    rmSync(folder, { recursive: true });
  });
  return port;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

async function using<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

function until(url: string, holds: (redis: Redis) => Promise<boolean>): Promise<void> {
  return using(url, async (redis) => {
    await vi.waitUntil(() => holds(redis), patience);
  });
}
