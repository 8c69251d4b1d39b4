import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { NamedOrderer } from '../orderer.js';
import { unknownWorker } from '../pool/worker-orders.js';
import { runScript } from '../redis/script-runner.js';
import { ShuntError } from '../shunt-error.js';

/**
 * How firmly a pin holds. `strict`: the agent's tasks wait while the worker takes nothing. `soft`: others run them meanwhile.
 * `once`: it ends as the agent comes there.
 */
export type PinKind = 'strict' | 'soft' | 'once';

/** A pin that an operator asks for. */
export interface PinOrder extends NamedOrderer {
  readonly worker: string;
  readonly kind: PinKind;
  /** How long it lasts, null for until it is taken back. */
  readonly ttlMs: number | null;
  readonly sessionTtlMs: number;
  /** Only to look whether it may be: nothing changes. Defaults to false. */
  readonly isDryRun?: boolean | undefined;
}

/**
 * Has an agent's tasks go to one worker, also those of an agent that nobody knows yet. `agent` is its key.
 *
 * @throws ShuntError NOT_FOUND for a worker nobody knows, CONFLICT when a task that waits requires labels it lacks
 */
export async function pinAgent(redis: Redis, keys: PoolKeys, agent: string, order: PinOrder): Promise<void> {
  const { worker, kind, ttlMs, sessionTtlMs, nonce, isDryRun = false } = order;
  const names = [keys.of(`agent:${agent}`), keys.of('workers')];
  const { by, reason = '' } = order;
  const args = [keys.prefix, agent, worker, kind, ttlMs ?? 0, sessionTtlMs, nonce, isDryRun ? '1' : '', by, reason];
  const reply = await runScript(redis, 'pin', names, args);
  if (reply === 'no-worker') throw unknownWorker(worker);
  if (reply === 'pinned') return;
  const message = `worker ${worker} does not carry ${reply}, which a waiting task of the agent requires`;
  throw new ShuntError('CONFLICT', message, { details: { worker, labels: String(reply) } });
}

/** Lets an agent's tasks go anywhere again. Resolves to whether it was pinned. */
export async function unpinAgent(
  redis: Redis,
  keys: PoolKeys,
  agent: string,
  sessionTtlMs: number,
  { by, reason = '', nonce }: NamedOrderer,
): Promise<boolean> {
  const names = [keys.of(`agent:${agent}`), keys.of('workers')];
  return (await runScript(redis, 'unpin', names, [keys.prefix, agent, sessionTtlMs, nonce, by, reason])) === 1;
}

/** Takes an agent from its home, which ends what it holds of it. Resolves to whether it had one. */
export async function releaseAgent(redis: Redis, keys: PoolKeys, agent: string, order: NamedOrderer): Promise<boolean> {
  const { by, reason = '', nonce } = order;
  const names = [keys.of(`agent:${agent}`), keys.of('workers')];
  return (await runScript(redis, 'releaseAgent', names, [keys.prefix, agent, nonce, by, reason])) === 1;
}

/** Has an agent's tasks wait, also those of one that nobody knows yet. `agent` is its key. Resolves to false when it was paused already. */
export async function pauseAgent(redis: Redis, keys: PoolKeys, agent: string, order: NamedOrderer): Promise<boolean> {
  const names = [keys.of(`agent:${agent}`), keys.of('paused')];
  const { by, reason = '', nonce } = order;
  return (await runScript(redis, 'pause', names, [keys.prefix, agent, by, nonce, reason])) === 1;
}

/** Lets an agent's tasks go on. Resolves to whether it was paused. */
export async function resumeAgent(
  redis: Redis,
  keys: PoolKeys,
  agent: string,
  sessionTtlMs: number,
  { by, reason = '', nonce }: NamedOrderer,
): Promise<boolean> {
  const names = [keys.of(`agent:${agent}`), keys.of('paused')];
  return (await runScript(redis, 'resume', names, [keys.prefix, agent, by, sessionTtlMs, nonce, reason])) === 1;
}
