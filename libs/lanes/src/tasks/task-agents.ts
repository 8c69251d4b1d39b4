import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { agentKeyIn, decodeAgentKey } from './task-id.js';

/** The agent keys of tasks, '' for none: from their ids, and of those that plain BullMQ named from one command for them all. */
export async function agentsOf(redis: Redis, keys: PoolKeys, tasks: readonly string[]): Promise<readonly string[]> {
  const inIds = tasks.map((task) => agentKeyIn(task));
  const foreign = tasks.filter((_, n) => inIds[n] === null);
  const owners = foreign.length === 0 ? [] : await redis.hmget(keys.of('owners'), ...foreign);
  const ownerOf = new Map(foreign.map((task, n) => [task, owners[n] ?? '']));
  return tasks.map((task, n) => inIds[n] ?? ownerOf.get(task) ?? '');
}

/** The agent of a task, null for none, and for an ended one of a plain BullMQ producer. */
export async function agentIdOf(redis: Redis, keys: PoolKeys, task: string): Promise<string | null> {
  const [agentKey = ''] = await agentsOf(redis, keys, [task]);
  return decodeAgentKey(agentKey);
}
