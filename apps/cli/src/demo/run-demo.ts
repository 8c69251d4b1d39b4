import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openRedis, type PoolStats, poolKeys, poolStats, queueNameOf } from '@shunt/lanes';
import { ensureRedis } from '@shunt/redis-server';
import { connect } from '@shunt/sdk';
import { loadTrace } from '@shunt/workload';
import type { Redis } from 'ioredis';
import logUpdate from 'log-update';
import pc from 'picocolors';
import { Fleet } from './fleet.js';
import { freePort } from './free-port.js';
import { removePool } from './remove-pool.js';
import { replay } from './replay.js';
import { summary } from './summary.js';
import { line, type Progress, page } from './view.js';

/** Options of the demo. */
export interface DemoOptions {
  readonly workers: number;
  readonly slots: number;
  readonly speed: number;
  /** Defaults to the whole trace. */
  readonly tasks?: number;
}

const tracePath = fileURLToPath(new URL('../../../../../traces/mooncake-conversation.csv.gz', import.meta.url));
const dataDir = fileURLToPath(new URL('../../../../../.shunt/redis', import.meta.url));
const preferredPort = 7420;
/** The trace's costs are of a large model on few machines; a twentieth keeps a small pool busy and the demo short. */
const costScale = 1 / 20;
const refreshMs = process.stdout.isTTY ? 200 : 5000;

/** Brings up everything on this machine, replays the trace and shows it, then says what was seen and what to try. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.once(signal, stop);
  const fleet = new Fleet();
  const say = (text: string) => console.log(`${pc.dim('shunt')} ${text}`);
  const server = await ensureRedis({ dataDir, log: say });
  const pool = `demo-${randomUUID().slice(0, 8)}`;
  const client = connect({ redis: server.url, pool });
  const redis = openRedis(server.url);
  redis.on('error', () => undefined);
  try {
    say(`Redis ${server.version} at ${server.url}${server.isDurable ? ', durable (AOF)' : ', not durable'}`);
    const tasks = (await loadTrace(tracePath)).slice(0, options.tasks);
    const endpoint = await startFleet(fleet, server.url, pool, options);
    say(`dispatcher at ${endpoint}, ${options.workers} workers with ${options.slots} slots each`);
    say(`replaying ${tasks.length} requests of a real chat service, ${options.speed} times as fast`);
    const counts = { enqueued: 0 };
    const replayed = replay(client, tasks, {
      speed: options.speed,
      costScale,
      signal: stopping.signal,
      onEnqueued: (count) => {
        counts.enqueued = count;
      },
    });
    const watched = watch(redis, pool, tasks.length, () => counts.enqueued, stopping.signal);
    const [state, stats] = await Promise.race([watched, fleet.failed]);
    const refused = stopping.signal.aborted ? 0 : await replayed;
    console.log(
      summary(stats, state, { refused, isStopped: stopping.signal.aborted, endpoint, pool, redis: server.url }),
    );
  } finally {
    logUpdate.done();
    client.close();
    await fleet.stop();
    await removePool(redis, pool);
    redis.disconnect();
    await server.stop();
    process.disconnect?.();
  }
}

async function startFleet(fleet: Fleet, redisUrl: string, pool: string, options: DemoOptions): Promise<string> {
  const shared = { SHUNT_REDIS_URL: redisUrl, SHUNT_POOL: pool, SHUNT_LOG_LEVEL: 'warn' };
  const workers = Array.from({ length: options.workers }, (_, i) =>
    fleet.start('worker', {
      ...shared,
      SHUNT_WORKER_ID: `w${i + 1}`,
      SHUNT_SLOTS: String(options.slots),
      SHUNT_HEARTBEAT: '500ms',
      SHUNT_SHUTDOWN_GRACE: '1s',
    }),
  );
  const port = await freePort(preferredPort);
  const { endpoint = '' } = await fleet.start('dispatcher', { ...shared, SHUNT_HTTP_PORT: String(port) });
  await Promise.all(workers);
  return endpoint;
}

/** Shows the pool until every task has ended or the demo is stopped. */
async function watch(
  redis: Redis,
  pool: string,
  total: number,
  enqueued: () => number,
  signal: AbortSignal,
): Promise<[Progress, PoolStats]> {
  const keys = poolKeys(queueNameOf(pool));
  const startedAt = performance.now();
  let before = { done: 0, seconds: 0, perSecond: 0 };
  for (;;) {
    const stats = await poolStats(redis, keys);
    const seconds = (performance.now() - startedAt) / 1000;
    const done = stats.completed;
    if (seconds - before.seconds >= 1) {
      before = { done, seconds, perSecond: (done - before.done) / (seconds - before.seconds) };
    }
    const state = { total, enqueued: enqueued(), done, seconds, perSecond: before.perSecond };
    if (process.stdout.isTTY) logUpdate(page(stats, state));
    else console.log(line(stats, state));
    if (done >= total || signal.aborted) return [state, stats];
    await sleep(refreshMs, undefined, { signal }).catch(() => undefined);
  }
}
