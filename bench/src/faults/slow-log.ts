import type { Redis } from 'ioredis';

/** One command that Redis executed. */
export interface LoggedCall {
  /** Execution time without the network, in ms. */
  readonly ms: number;
  /** The command and its first arguments. */
  readonly words: readonly string[];
}

/** Has Redis log every command from now on with its execution time. */
export async function beginLog(redis: Redis): Promise<void> {
  await redis.config('SET', 'slowlog-max-len', '1000000');
  await redis.config('SET', 'slowlog-log-slower-than', '0');
  await redis.call('SLOWLOG', 'RESET');
}

/** Stops the log. Resolves to what it holds; reading it is a long command, so not while something is measured. */
export async function endLog(redis: Redis): Promise<LoggedCall[]> {
  await redis.config('SET', 'slowlog-log-slower-than', '-1');
  const entries = (await redis.call('SLOWLOG', 'GET', '-1')) as [number, number, number, string[]][];
  await redis.call('SLOWLOG', 'RESET');
  return entries.map(([, , micros, words]) => ({ ms: micros / 1000, words }));
}
