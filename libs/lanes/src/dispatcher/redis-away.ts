import type { Redis } from 'ioredis';
import { placeOfRedis } from '../redis/connection.js';

/** An error of a connection, as Node makes it; `errors` where a name has several addresses. */
type Failure = Error & {
  readonly code?: string;
  readonly syscall?: string;
  readonly hostname?: string;
  readonly port?: number;
  readonly errors?: readonly Failure[];
};

const start = 'Start one with `npm run redis`, or set SHUNT_REDIS_URL to where it is';
const look = 'See that SHUNT_REDIS_URL names it rightly';

/** What is likely behind an error, by what its code or message holds, and what to do. */
const causes: readonly (readonly [told: RegExp, cause: string, advice: string])[] = [
  [/ECONNREFUSED/, 'nothing listens there', start],
  [/ENOTFOUND|EAI_AGAIN/, 'its name cannot be looked up', look],
  [/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/, 'the host is not reached: is it up, is a firewall between?', look],
  [
    /WRONGPASS|NOAUTH|NOPERM|invalid (?:username|password)/,
    'it refuses the login',
    'Give user and password in SHUNT_REDIS_URL',
  ],
  [/LOADING/, 'it still loads its data', 'It will answer once it has'],
  [
    /Socket timeout/,
    'it owed an answer for too long, or this process stood still itself',
    'If it goes on, see whether Redis hangs or the network drops what is sent',
  ],
  [/ECONNRESET|EPIPE|closed/, 'it ends the connection: does it take TLS only (rediss:), or too many clients?', look],
];

/** No error at all: connections of a process that hangs are made by its kernel. */
const silence = [
  null,
  'it neither refuses nor says a word',
  'See whether its process hangs, is stopped or busy with one command, or the network drops what is sent',
] as const;

/**
 * Says that a Redis is missed: where, the likely cause, and what to do. `place` as {@link placeOfRedis} has it. Holds no password.
 *
 * @param cause what the connection met last, undefined for silence
 */
export function redisAway(place: string, cause: Error | undefined): string {
  const told = cause === undefined ? '' : cause.message || (cause as Failure).code || cause.name;
  const unknown = cause === undefined ? silence : ([null, 'no connection is made', start] as const);
  const [, why, advice] = causes.find(([known]) => known.test(told)) ?? unknown;
  return `Redis at ${place} does not answer: ${why}${told === '' ? '' : ` (${told})`}. ${advice}`;
}

/** An error of a connection to this Redis in words for the log of a process, which tries again; any other error as it is. */
export function inWords(redis: Redis, error: Error): Error {
  const { code, syscall, hostname, port, errors = [] } = error as Failure;
  const { host = '127.0.0.1', port: own = 6379 } = redis.options;
  const isOurs = [port, ...errors.map((one) => one.port)].includes(own) || hostname === host;
  const isSilence = error.message.startsWith('Socket timeout');
  if (!isSilence && (code === undefined || !isOurs)) return error;
  const message = `${redisAway(placeOfRedis(redis), error)}; trying again until it does`;
  const told = { code: code ?? 'ETIMEDOUT', syscall: syscall ?? (isSilence ? 'read' : 'connect') };
  return Object.assign(new Error(message, { cause: error }), told);
}
