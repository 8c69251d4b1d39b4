import { inspectRedis } from './inspect-redis.js';
import { readInfo } from './read-info.js';
import type { RedisServer } from './redis-server.js';
import { RedisStartError } from './redis-start-error.js';

/**
 * Checks that a Redis of someone else answers, and describes it.
 *
 * @param url redis: or rediss:, with or without credentials; they stay in `url` and in no message
 * @throws RedisStartError when it does not answer within 2 s
 */
export async function connectExternal(url: string): Promise<RedisServer> {
  const { hostname, port, protocol } = parseUrl(url);
  const address = `${hostname}:${port || '6379'}`;
  if (protocol !== 'redis:' && protocol !== 'rediss:') {
    throw new RedisStartError(`SHUNT_REDIS_URL must begin with redis:// or rediss://, not ${protocol}//`);
  }
  try {
    const facts = inspectRedis(await readInfo(url));
    return {
      url,
      host: hostname,
      port: Number(port || 6379),
      kind: 'external',
      version: facts.version ?? 'unknown',
      isDurable: facts.appendonly === true,
      exited: new Promise(() => {}),
      stop: () => Promise.resolve(),
      kill: () => {
        throw new RedisStartError(`the Redis at ${address} is not ours to signal`);
      },
    };
  } catch (error) {
    const reason = (error as Error).message;
    throw new RedisStartError(
      `SHUNT_REDIS_URL names ${address}, but nothing usable answers there (${reason}). ` +
        'Start that Redis, or unset SHUNT_REDIS_URL to have one started for you.',
      { cause: error },
    );
  }
}

function parseUrl(url: string): URL {
  try {
    return new URL(url);
  } catch {
    throw new RedisStartError('SHUNT_REDIS_URL is not a URL such as redis://127.0.0.1:6379'); // Its text may be secret.
  }
}
