import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { decodeAgentKey } from '../tasks/task-id.js';
import { type AgentRecord, readAgent } from './agent-record.js';

/** An agent in a list. */
export interface ListedAgent extends AgentRecord {
  readonly id: string;
}

/** A part of a list of agents. It may be empty and yet not the last. */
export interface AgentPage {
  readonly agents: readonly ListedAgent[];
  /** Goes on behind it; null after the last. */
  readonly cursor: string | null;
}

/** Keys that a page looks at, at most. */
const maxSeen = 100_000;

/**
 * Lists the agents that the pool knows, in no order. One that stays known comes at least once, whatever others do between two pages.
 * A page holds about `limit`: a few more, or fewer, as it ends with a step of a scan over all keys.
 *
 * @param worker lists those that are bound to it
 */
export async function listAgents(
  redis: Redis,
  keys: PoolKeys,
  worker: string | undefined,
  limit: number,
  start = '0',
): Promise<AgentPage> {
  const prefix = keys.of('agent:');
  const agents = new Map<string, ListedAgent>();
  let cursor = start;
  // A step of a scan is not to bring many more than are wanted, nor are many to bring none where others have most of the keys.
  let stepKeys = Math.min(1000, Math.max(100, 2 * limit));
  for (let seen = 0; seen < maxSeen && agents.size < limit; seen += stepKeys) {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', stepKeys);
    const rows = await Promise.all(found.map((key) => listed(redis, keys, key.slice(prefix.length), worker)));
    for (const agent of rows.flat()) agents.set(agent.id, agent);
    if (found.length === 0) stepKeys = 1000;
    cursor = next;
    if (cursor === '0') return { agents: [...agents.values()], cursor: null };
  }
  return { agents: [...agents.values()], cursor };
}

async function listed(redis: Redis, keys: PoolKeys, key: string, worker?: string): Promise<ListedAgent[]> {
  if (worker !== undefined && (await redis.hget(keys.of(`agent:${key}`), 'home')) !== worker) return [];
  const [id, agent] = [decodeAgentKey(key), await readAgent(redis, keys, key)];
  return id === null || agent === null ? [] : [{ id, ...agent }];
}
