import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort, guardChild } from '@shunt/redis-server';
import { Redis } from 'ioredis';
import { untilSeen } from './chaos/evidence.js';
import { startTestRedis, type TestRedis } from './redis.js';
import { redisProgram } from './redis-program.js';

const masterName = 'shunt-master';

/** One Sentinel. */
interface Sentinel {
  readonly url: string;
  /** Kills it and removes its folder. */
  end(): Promise<void>;
}

/** A master and a replica, watched by three Sentinels. */
export class SentinelFleet {
  private constructor(
    /** The master before any failover. */
    readonly master: TestRedis,
    readonly replica: TestRedis,
    private readonly sentinels: readonly Sentinel[],
  ) {}

  /**
   * Starts everything. Resolves once the replica is in step and the Sentinels know of each other and of it.
   *
   * @param downAfterMs for how long they bear with a master that does not answer
   */
  static async start(downAfterMs = 1000): Promise<SentinelFleet> {
    const sync = ['--repl-diskless-sync-delay', '0'];
    const master = await startTestRedis({ durable: true, args: sync });
    const replica = await startTestRedis({
      durable: true,
      args: [...sync, '--replicaof', '127.0.0.1', `${master.port}`],
    });
    await until('a replica in step', replica.url, async (redis) =>
      (await redis.info('replication')).includes('master_link_status:up'),
    );
    const start = () => startSentinel(master.port, downAfterMs);
    const sentinels = await Promise.all([start(), start(), start()]);
    for (const { url } of sentinels) await until('a Sentinel that knows all', url, knowsAll);
    return new SentinelFleet(master, replica, sentinels);
  }

  /** Where clients find the master. */
  get url(): string {
    return `redis+sentinel://${this.sentinels.map(({ url }) => new URL(url).host).join(',')}/${masterName}`;
  }

  /** Resolves once what was written to the master so far is on the replica as well. */
  async replicated(): Promise<void> {
    await using(this.master.url, async (redis) => {
      await redis.set('mark', '1');
      if ((await redis.wait(1, 30_000)) < 1) throw new Error('the replica did not keep up');
    });
  }

  /** Has the Sentinels bear with a master that does not answer for so long from now on. */
  async bearFor(downAfterMs: number): Promise<void> {
    const set = (redis: Redis) => redis.call('SENTINEL', 'SET', masterName, 'down-after-milliseconds', downAfterMs);
    await Promise.all(this.sentinels.map(({ url }) => using(url, set)));
  }

  /** Resolves once the former replica is a master. */
  async promoted(): Promise<void> {
    await until('a promoted replica', this.replica.url, async (redis) =>
      (await redis.info('replication')).includes('role:master'),
    );
  }

  /** Resolves once every Sentinel names the former replica, which has become a master. */
  async failedOver(): Promise<void> {
    const isNamed = async (redis: Redis) => (await masterOf(redis)).port === this.replica.port;
    for (const { url } of this.sentinels) await until('a Sentinel that names the replica', url, isNamed);
    await this.promoted();
  }

  /** Ends everything, a master that hangs included. */
  async end(): Promise<void> {
    await Promise.all(this.sentinels.map((sentinel) => sentinel.end()));
    this.master.kill('SIGCONT');
    await Promise.all([this.master.stop(), this.replica.stop()]);
  }
}

async function masterOf(sentinel: Redis): Promise<{ port: number }> {
  const [, port] = (await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName)) as [string, string];
  return { port: Number(port) };
}

async function knowsAll(sentinel: Redis): Promise<boolean> {
  const flat = (await sentinel.call('SENTINEL', 'MASTER', masterName)) as string[];
  const field = (name: string) => flat[flat.indexOf(name) + 1];
  return field('num-slaves') === '1' && field('num-other-sentinels') === '2' && field('flags') === 'master';
}

async function startSentinel(masterPort: number, downAfterMs: number): Promise<Sentinel> {
  const { path, variables } = await redisProgram();
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'shunt-sentinel-'));
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${masterName} 127.0.0.1 ${masterPort} 2`,
    `sentinel down-after-milliseconds ${masterName} ${downAfterMs}`,
    `sentinel failover-timeout ${masterName} 10000`,
  ];
  writeFileSync(join(folder, 'sentinel.conf'), `${lines.join('\n')}\n`);
  const child = spawn(path, [join(folder, 'sentinel.conf'), '--sentinel'], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, ...variables },
  });
  const dismissGuard = guardChild(child);
  const end = async () => {
    await ended(child);
    dismissGuard();
    rmSync(folder, { recursive: true });
  };
  return { url: `redis://127.0.0.1:${port}`, end };
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

function until(what: string, url: string, holds: (redis: Redis) => Promise<boolean>): Promise<void> {
  return using(url, (redis) => untilSeen(what, () => holds(redis)));
}
