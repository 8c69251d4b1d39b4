import { fileURLToPath } from 'node:url';
import { openRedis, poolKeys, queueNameOf } from '@shunt/lanes';
import { ensureRedis, type RedisServer } from '@shunt/redis-server';
import { readSettings, withSettingsFile } from '@shunt/runtime';
import pc from 'picocolors';
import { followWish } from '../scaling/follow-wish.js';
import { orStopped, stopping } from '../stopping.js';
import { Crew } from './crew.js';
import { CrewFailure } from './crew-failure.js';

/** Options of `shunt dev`. */
export interface DevOptions {
  readonly workers: number;
  /** Slots of a worker. Defaults to SHUNT_SLOTS. */
  readonly slots?: number;
  /** The dispatcher's port, unless it is taken. */
  readonly port: number;
}

const dataDir = fileURLToPath(new URL('../../../../../.shunt/redis-own', import.meta.url));
/** Ctrl C is to end it soon: what runs then is handed back, and runs again with the next start. */
const usual = { SHUNT_LOG_LEVEL: 'warn', SHUNT_SHUTDOWN_GRACE: '2s', SHUNT_SHUTDOWN_ABORT: '1s' };
/** What each process has of its own. */
const ownOfEach = ['SHUNT_HTTP_PORT', 'SHUNT_WORKER_ID', 'SHUNT_REDIS_URL'];

const say = (text: string) => console.log(`${pc.dim('shunt')} ${text}`);

/**
 * Has a Redis, a dispatcher with the page and workers run on this machine until Ctrl C, with the settings of the environment. `pools scale`
 * scales the workers.
 *
 * @throws CrewFailure or RedisStartError when it cannot be started or go on, ShuntError INVALID_CONFIG for a bad setting
 */
export async function runDev(options: DevOptions): Promise<void> {
  const signal = stopping();
  const server = await orStopped(signal, ensureRedis({ dataDir, log: say }));
  if (!server) return;
  try {
    say(
      `Redis ${server.version} at ${server.host}:${server.port}${server.isDurable ? ', durable (AOF)' : ', not durable'}`,
    );
    await runOn(server, options, signal);
  } finally {
    await server.stop();
  }
}

async function runOn(server: RedisServer, options: DevOptions, signal: AbortSignal): Promise<void> {
  const { workers, port, slots } = options;
  const environment = { ...usual, ...withSettingsFile(process.env) };
  const names = [
    'SHUNT_POOL',
    'SHUNT_PREFIX',
    'SHUNT_HANDLERS',
    'SHUNT_SHUTDOWN_GRACE',
    'SHUNT_SHUTDOWN_ABORT',
  ] as const;
  const read = readSettings(names, environment);
  const crew = new Crew({
    settings: { ...settingsIn(environment), SHUNT_REDIS_URL: server.url },
    workerSettings: slots === undefined ? {} : { SHUNT_SLOTS: String(slots) },
    workers,
    port,
    stopMs: read.SHUNT_SHUTDOWN_GRACE + read.SHUNT_SHUTDOWN_ABORT + 1000,
    isDemo: false,
    onLine: (line) => console.log(line),
    onNotice: say,
  });
  const redisEnded = server.exited.then((): never => {
    throw new CrewFailure(`the Redis at ${server.host}:${server.port} ended`);
  });
  redisEnded.catch(() => undefined);
  const orFailed = <T>(work: Promise<T>) => Promise.race([work, crew.failed, redisEnded]);
  const redis = openRedis(server.url, { maxRetriesPerRequest: 1, commandTimeout: 1000 });
  redis.on('error', () => undefined);
  const over = new AbortController();
  try {
    const endpoint = await orFailed(orStopped(signal, crew.start()));
    if (endpoint === null) return;
    const handlers =
      read.SHUNT_HANDLERS ?? 'built-in handlers (echo, sleep, http, command); SHUNT_HANDLERS names your own';
    say(`${workers} workers with ${handlers}`);
    say(`page and API at ${endpoint}/`);
    const place = server.kind === 'external' ? '' : `SHUNT_REDIS_URL=${server.url} SHUNT_POOL=${read.SHUNT_POOL} `;
    const shunt = `${place}npm run -s shunt --`;
    say(`try: ${shunt} enqueue echo --agent a-42 -i '{"text":"hi"}' --wait`);
    say(`     ${shunt} pools scale --to ${workers + 1}`);
    say('Ctrl C ends it');
    const keys = poolKeys(queueNameOf(read.SHUNT_POOL), read.SHUNT_PREFIX);
    void followWish(redis, keys, crew.scaler, over.signal, (error) => say(`workers cannot be scaled: ${error}`));
    await orFailed(orStopped(signal, new Promise<never>(() => undefined)));
  } finally {
    over.abort();
    await crew.stop();
    redis.disconnect();
  }
}

/** The settings that the environment has for all processes. */
function settingsIn(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[0].startsWith('SHUNT_') && entry[1] !== undefined && !ownOfEach.includes(entry[0]),
  );
  return Object.fromEntries(entries);
}
