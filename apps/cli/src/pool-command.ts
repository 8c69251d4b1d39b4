import {
  isKnownPool,
  isShuntError,
  openRedis,
  type PoolKeys,
  placeOfRedis,
  poolKeys,
  queueNameOf,
  redisAway,
  ShuntError,
} from '@shunt/lanes';
import { readSettings, withSettingsFile } from '@shunt/runtime';
import { connect, type Shunt } from '@shunt/sdk';
import { type Command, Option } from 'commander';
import type { Redis } from 'ioredis';

/** Options of every command that works on a pool. */
export interface PoolOptions {
  readonly redis?: string;
  readonly pool?: string;
  readonly prefix?: string;
}

/** How long Redis may take to answer a command. */
const patienceMs = 5000;
/** How often a connection that is refused is tried again: for 0.35 to 0.95 s, by the pauses of ioredis. */
const maxRetries = 3;

/** Adds `--redis`, `--pool` and `--prefix`, each also by its setting. */
export function withPool(command: Command): Command {
  return command
    .addOption(new Option('--redis <url>', 'where Redis is').env('SHUNT_REDIS_URL'))
    .addOption(new Option('--pool <name>', 'the pool').env('SHUNT_POOL'))
    .addOption(new Option('--prefix <text>', 'prefix of all keys').env('SHUNT_PREFIX'));
}

/**
 * Does something with a pool, and lets go of Redis afterwards.
 *
 * @throws ShuntError INVALID_CONFIG for a bad flag or setting, STORE_UNAVAILABLE when Redis does not answer
 */
export async function withRedis<T>(
  options: PoolOptions,
  act: (redis: Redis, keys: PoolKeys) => Promise<T>,
): Promise<T> {
  const settings = settingsOf(options);
  const redis = openRedis(settings.SHUNT_REDIS_URL, {
    maxRetriesPerRequest: maxRetries,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
  });
  let met: Error | undefined;
  redis.on('error', (error) => {
    met = error;
  });
  try {
    return await act(redis, poolKeys(queueNameOf(settings.SHUNT_POOL), settings.SHUNT_PREFIX));
  } catch (error) {
    if (isShuntError(error) || redis.status === 'ready') throw error;
    throw new ShuntError('STORE_UNAVAILABLE', redisAway(placeOfRedis(redis), met), { cause: error as Error });
  } finally {
    redis.disconnect();
  }
}

/**
 * Looks whether there is such a pool.
 *
 * @throws ShuntError NOT_FOUND for one that nobody has ever used
 */
export async function assertPool(redis: Redis, keys: PoolKeys): Promise<void> {
  if (await isKnownPool(redis, keys)) return;
  const pool = keys.queue.name.slice(1, -1);
  const told = '`shunt pools ls` tells which there are';
  throw new ShuntError('NOT_FOUND', `there is no pool ${pool}: nobody has served it or used it; ${told}`, {
    details: { pool },
  });
}

/**
 * Does something as a client of a pool, and closes it afterwards. A Redis that refuses connections is given up on within a second: nobody
 * who types a command waits for it to start.
 *
 * @throws ShuntError INVALID_CONFIG for a bad flag or setting, STORE_UNAVAILABLE when Redis does not answer
 */
export async function withClient<T>(options: PoolOptions, act: (client: Shunt) => Promise<T>): Promise<T> {
  const acting = withPatientClient(options, act);
  // Meanwhile, not before: what is typed wrongly is told without Redis. What was done counts, whatever the other connection meets.
  return Promise.race([acting, withRedis(options, assertReached).then(() => acting)]);
}

/** What Redis answers, be it that it refuses, is for the client to tell. */
async function assertReached(redis: Redis): Promise<void> {
  await redis.ping().catch((error) => {
    if (redis.status !== 'ready') throw error;
  });
}

/** Does the same for a command that goes on until it is stopped: each of its calls waits for a Redis that is away. */
export async function withPatientClient<T>(options: PoolOptions, act: (client: Shunt) => Promise<T>): Promise<T> {
  const settings = settingsOf(options);
  const client = connect({
    redis: settings.SHUNT_REDIS_URL,
    pool: settings.SHUNT_POOL,
    prefix: settings.SHUNT_PREFIX,
    sessionTtl: settings.SHUNT_SESSION_TTL,
    timeout: patienceMs,
  });
  try {
    return await act(client);
  } finally {
    client.close();
  }
}

/** What the flags say, else the environment, else the file of settings. */
function settingsOf({ redis, pool, prefix }: PoolOptions) {
  const given = { SHUNT_REDIS_URL: redis, SHUNT_POOL: pool, SHUNT_PREFIX: prefix };
  const flags = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const names = ['SHUNT_REDIS_URL', 'SHUNT_POOL', 'SHUNT_PREFIX', 'SHUNT_SESSION_TTL'] as const;
  return readSettings(names, withSettingsFile({ ...process.env, ...flags }));
}
