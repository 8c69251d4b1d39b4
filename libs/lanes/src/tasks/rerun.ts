import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { NamedOrderer } from '../orderer.js';
import { runScript } from '../redis/script-runner.js';

/** What a retry by hand met: only a task that has failed, or was cancelled, runs again; one that was ended by force once its handler has ended. */
export type RerunOutcome = 'retried' | 'not-failed' | 'missing';

const keyNames = ['events', 'failed', 'wait', 'meta', 'active', 'marker', 'prioritized', 'pc'];

/** Lets a failed task run again, with all its attempts, behind its agent's other tasks. Sent again with the same `nonce` it answers as before. */
export async function rerun(
  redis: Redis,
  keys: PoolKeys,
  task: string,
  { nonce, by, reason = '' }: NamedOrderer,
): Promise<RerunOutcome> {
  const bull = [task, 'LPUSH', 'failedReason', 'failed', '1', '1'];
  const names = [task, ...keyNames].map(keys.of);
  return (await runScript(redis, 'rerun', names, [...bull, keys.prefix, nonce, by, reason])) as RerunOutcome;
}
