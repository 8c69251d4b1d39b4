import type { Redis } from 'ioredis';
import type { PinKind } from './agent-orders.js';
import { readAgent } from './agent-record.js';
import type { PoolKeys } from './keys.js';
import { stateOf, type TaskState } from './moves.js';
import { redisTimeMs } from './store-clock.js';

/** Where an agent is and what it does. */
export interface AgentStatus {
  /** The worker it is bound to, null for none. */
  readonly home: string | null;
  /** The fence of its binding; 0 before the first. */
  readonly fence: number;
  /** Its current task, null while it has none. */
  readonly task: ({ readonly id: string } & TaskState) | null;
  /** Number of tasks that wait behind that one. */
  readonly waiting: number;
  /** Where an operator pinned it, null for nowhere. `untilMs` is ms since 1970, null for until it is taken back. */
  readonly pin: { readonly worker: string; readonly kind: PinKind; readonly untilMs: number | null } | null;
}

/** Reads where an agent is, by its key; one that nobody knows has nothing. */
export async function agentStatus(redis: Redis, keys: PoolKeys, agent: string): Promise<AgentStatus> {
  const pin = await redis.hget(keys.of(`agent:${agent}`), 'pin');
  const { home = null, fence = 0, waiting = 0, current = null } = (await readAgent(redis, keys, agent)) ?? {};
  return {
    home,
    fence,
    task: current === null ? null : { id: current, ...(await stateOf(redis, keys, current)) },
    waiting,
    pin: pin ? pinInForce(pin, await redisTimeMs(redis)) : null,
  };
}

function pinInForce(field: string, nowMs: number): AgentStatus['pin'] {
  const [until, kind, worker] = field.split(' ') as [string, PinKind, string];
  const untilMs = until === '0' ? null : Number(until);
  return untilMs !== null && untilMs <= nowMs ? null : { worker, kind, untilMs };
}
