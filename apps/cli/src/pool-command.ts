import {
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
    maxRetriesPerRequest: 1,
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
 * Does something as a client of a pool, and closes it afterwards.
 *
 * @throws ShuntError INVALID_CONFIG for a bad flag or setting, STORE_UNAVAILABLE when Redis does not answer
 */
export async function withClient<T>(options: PoolOptions, act: (client: Shunt) => Promise<T>): Promise<T> {
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
