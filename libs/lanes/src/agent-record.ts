import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';

/** An agent as the pool knows it. */
export interface AgentRecord {
  /** The worker it is bound to, null while it has none. */
  readonly home: string | null;
  /** Its task that is past the mailbox, null while it has none. */
  readonly current: string | null;
  /** Tasks in its mailbox. */
  readonly waiting: number;
  /** The fence of its binding; 0 before the first. */
  readonly fence: number;
  /** Until its binding ends by itself, in ms; null while it has a task. */
  readonly forgottenInMs: number | null;
}

/** Reads an agent by its key; null for one that the pool knows nothing of. */
export async function readAgent(redis: Redis, keys: PoolKeys, agent: string): Promise<AgentRecord | null> {
  const key = keys.of(`agent:${agent}`);
  const [[home, current, fence], waiting, ttlMs] = await Promise.all([
    redis.hmget(key, 'home', 'cur', 'fence'),
    redis.zcard(keys.of(`mailbox:${agent}`)),
    redis.pttl(key),
  ]);
  if (ttlMs === -2 && waiting === 0) return null;
  return {
    home: home ?? null,
    current: current ?? null,
    waiting,
    fence: Number(fence ?? 0),
    forgottenInMs: ttlMs >= 0 ? ttlMs : null,
  };
}
