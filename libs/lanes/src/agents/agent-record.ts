import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { redisTimeMs } from '../redis/store-clock.js';
import type { PinKind } from './agent-orders.js';

/** Where an operator pinned an agent. */
export interface AgentPin {
  readonly worker: string;
  readonly kind: PinKind;
  /** When it ends, in ms since 1970 by the clock of Redis; null for when it is taken back. */
  readonly untilMs: number | null;
}

/** Why an agent's tasks wait. */
export interface AgentPause {
  /** Who paused it. */
  readonly by: string;
  /** Since when, in ms since 1970 by the clock of Redis. */
  readonly sinceMs: number;
}

/** An agent as the pool knows it. */
export interface AgentRecord {
  /** `paused`: its tasks wait. Else `busy` while it has a current task, and `idle`. */
  readonly state: 'paused' | 'busy' | 'idle';
  /** The worker it is bound to, null while it has none. */
  readonly home: string | null;
  /** Its task that is past the mailbox, null while it has none. */
  readonly current: string | null;
  /** Tasks in its mailbox. */
  readonly waiting: number;
  /** The fence of its binding; 0 before the first. */
  readonly fence: number;
  /** Until its binding ends by itself, in ms; null while it has a task, a pin or a pause. */
  readonly forgottenInMs: number | null;
  /** Its pin, null for none. */
  readonly pin: AgentPin | null;
  /** Its pause, null for none. */
  readonly paused: AgentPause | null;
}

/** Reads an agent by its key; null for one that the pool knows nothing of. */
export async function readAgent(redis: Redis, keys: PoolKeys, agent: string): Promise<AgentRecord | null> {
  const key = keys.of(`agent:${agent}`);
  const [[home, current, fence, pin, paused], waiting, ttlMs] = await Promise.all([
    redis.hmget(key, 'home', 'cur', 'fence', 'pin', 'paused'),
    redis.zcard(keys.of(`mailbox:${agent}`)),
    redis.pttl(key),
  ]);
  if (ttlMs === -2 && waiting === 0) return null;
  return {
    state: paused ? 'paused' : current ? 'busy' : 'idle',
    home: home ?? null,
    current: current ?? null,
    waiting,
    fence: Number(fence ?? 0),
    forgottenInMs: ttlMs >= 0 ? ttlMs : null,
    pin: pin ? pinInForce(pin, await redisTimeMs(redis)) : null,
    paused: paused ? pauseIn(paused) : null,
  };
}

function pauseIn(field: string): AgentPause {
  const [since, ...by] = field.split(' ');
  return { by: by.join(' '), sinceMs: Number(since) };
}

function pinInForce(field: string, nowMs: number): AgentPin | null {
  const [until, kind, worker] = field.split(' ') as [string, PinKind, string];
  const untilMs = until === '0' ? null : Number(until);
  return untilMs !== null && untilMs <= nowMs ? null : { worker, kind, untilMs };
}
