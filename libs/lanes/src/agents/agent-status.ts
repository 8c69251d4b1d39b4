import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { stateOf, type TaskState } from '../moves.js';
import { type AgentPause, type AgentPin, readAgent } from './agent-record.js';

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
  /** Its pin, null for none. */
  readonly pin: AgentPin | null;
  /** Its pause, null for none. */
  readonly paused: AgentPause | null;
}

/** Reads where an agent is, by its key; one that nobody knows has nothing. */
export async function agentStatus(redis: Redis, keys: PoolKeys, agent: string): Promise<AgentStatus> {
  const known = await readAgent(redis, keys, agent);
  const { home = null, fence = 0, waiting = 0, current = null, pin = null, paused = null } = known ?? {};
  return {
    home,
    fence,
    task: current === null ? null : { id: current, ...(await stateOf(redis, keys, current)) },
    waiting,
    pin,
    paused,
  };
}
