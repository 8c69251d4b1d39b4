import { Redis, type RedisOptions } from 'ioredis';
import { invalidConfig } from '../shunt-error.js';
import { ImpatientSentinelConnector } from './sentinel-connector.js';
import { isSentinelUrl, sentinelOptions, sentinelUrlForm } from './sentinel-url.js';

type Options = Omit<RedisOptions, 'replyMapping'>;
type ConnectOptions = Options & { readonly url?: string };

/**
 * Where Redis is: a URL such as `redis://127.0.0.1:6379` or `redis+sentinel://host:26379,host:26379/master-name`, ioredis options,
 * or both as `{ url, ...options }`.
 */
export type RedisTarget = string | ConnectOptions;

/** Longest that a connection of ours blocks for work. A worker or dispatcher without work looks by itself this often. */
export const longestBlockMs = 1000;

/**
 * A connection on which an answer is due for longer, blocking aside, is replaced: the peer may hang, or be gone without a word. A master
 * that hangs is left as soon as its Sentinels name another; a Redis that pauses for a moment is waited for.
 */
const patienceMs = 2500;

/** What every connection has unless its target says otherwise. */
const defaults = {
  connectTimeout: 4000,
  sentinelCommandTimeout: 2000,
  reconnectOnError: (error: Error) => isDemoted(error),
};

/**
 * Opens a connection. `overrides` win over the target's own options.
 *
 * @throws ShuntError INVALID_CONFIG for a URL of Sentinels that is not well formed
 */
export function openRedis(target: RedisTarget, overrides: ConnectOptions = {}): Redis {
  const { url, ...own } = typeof target === 'string' ? { url: target } : target;
  const options = { ...defaults, ...own, ...overrides };
  if (url !== undefined && !isSentinelUrl(url)) return new Redis(url, options);
  const place = url === undefined ? {} : behindSentinels(url);
  const isBehindSentinels = 'sentinels' in place || 'sentinels' in options;
  return new Redis({ ...(isBehindSentinels ? { Connector: ImpatientSentinelConnector } : {}), ...place, ...options });
}

/** How long a connection that blocks for `blockMs` at most may owe an answer. */
export function silenceMs(blockMs: number): number {
  return blockMs + patienceMs;
}

/**
 * A connection for a process that outlives Redis's absences: commands wait for it to be back and are sent again after a
 * lost reply, which is safe as every script is idempotent.
 *
 * @param blockMs longest that something blocks on it, or on a connection that BullMQ copies from it. Defaults to 2 s
 */
export function openPatientRedis(target: RedisTarget, blockMs = longestBlockMs): Redis {
  return openRedis(target, {
    maxRetriesPerRequest: null,
    socketTimeout: silenceMs(blockMs),
    retryStrategy: (tries) => Math.min(50 * tries, 1000),
  });
}

/**
 * Has a connection made anew if it is there: another one to the same Redis was lost. One on which no answer is due would not show that
 * its peer hangs, and would stay with a master that another has followed.
 */
export function renew(connection: Pick<Redis, 'status' | 'stream'>): void {
  if (connection.status === 'ready') connection.stream.destroy();
}

/** Where a connection leads, for a message: an address, a path, or a master and its Sentinels. Never a password. */
export function placeOfRedis({ options }: Redis): string {
  const { host = '127.0.0.1', port = 6379, path, sentinels, name } = options;
  if (!sentinels) return path ?? `${host}:${port}`;
  return `${name} of ${sentinels.map((one) => `${one.host}:${one.port}`).join(', ')}`;
}

function behindSentinels(url: string): Options {
  const options = sentinelOptions(url);
  if (options) return options;
  throw invalidConfig([{ field: 'redis', message: `must be ${sentinelUrlForm}` }]);
}

/** The server has become a replica: the master is elsewhere, and a new connection may lead there. */
function isDemoted(error: Error): boolean {
  return /(?:^|-)READONLY /.test(error.message);
}
