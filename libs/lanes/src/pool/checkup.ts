import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { stateOf } from '../moves.js';

/** What of a pool nothing would move again by itself, as one look without changes found it. */
export interface Checkup {
  /** Workers that are not registered and have tasks in lane or slots. */
  readonly orphanLanes: readonly string[];
  /** Agents whose current task is nowhere, or who have waiting tasks, no current one and no pause; by agent key. */
  readonly stuckAgents: readonly string[];
  /** Agents that were looked at. */
  readonly agents: number;
}

/** Most agents that a look takes in. */
const maxAgents = 20_000;
const agentsAtOnce = 200;

/** Looks through a pool. Costs a scan of the database and two reads of each agent. What moves meanwhile is looked at twice before it counts. */
export async function checkup(redis: Redis, keys: PoolKeys): Promise<Checkup> {
  const { agents, lanes } = await namesOf(redis, keys);
  const stuck: string[] = [];
  for (let i = 0; i < agents.length; i += agentsAtOnce) {
    const some = agents.slice(i, i + agentsAtOnce);
    const found = await Promise.all(some.map((agent) => isStuck(redis, keys, agent)));
    for (const [n, agent] of some.entries()) if (found[n] && (await isStuck(redis, keys, agent))) stuck.push(agent);
  }
  const orphans = await Promise.all(lanes.map((worker) => isOrphan(redis, keys, worker)));
  return {
    orphanLanes: lanes.filter((_, n) => orphans[n]).sort(),
    stuckAgents: stuck.sort(),
    agents: agents.length,
  };
}

async function namesOf(redis: Redis, keys: PoolKeys): Promise<{ agents: string[]; lanes: string[] }> {
  const agents = new Set<string>();
  const lanes = new Set<string>();
  const { prefix } = keys;
  for await (const found of redis.scanStream({ match: `${prefix}[alm]*`, count: 1000 })) {
    for (const key of found as string[]) {
      const [, kind = '', id = ''] = /^(agent|mailbox|lane):(.+)$/.exec(key.slice(prefix.length)) ?? [];
      const [, worker] = /^(.+):(?:prioritized|slots)$/.exec(id) ?? [];
      if (kind === 'lane') lanes.add(worker ?? '');
      else if (agents.size < maxAgents) agents.add(id);
    }
  }
  for (const names of [agents, lanes]) names.delete('');
  return { agents: [...agents], lanes: [...lanes] };
}

async function isStuck(redis: Redis, keys: PoolKeys, agent: string): Promise<boolean> {
  const [[current, paused], waiting] = await Promise.all([
    redis.hmget(keys.of(`agent:${agent}`), 'cur', 'paused'),
    redis.zcard(keys.of(`mailbox:${agent}`)),
  ]);
  if (!current) return waiting > 0 && !paused;
  const { state } = await stateOf(redis, keys, current);
  if (state !== 'missing' && state !== 'completed' && state !== 'failed') return false;
  return (await redis.exists(keys.of(`${current}:forced`))) === 0;
}

async function isOrphan(redis: Redis, keys: PoolKeys, worker: string): Promise<boolean> {
  const [life, waiting, running] = await Promise.all([
    redis.hget(keys.of('incarnations'), worker),
    redis.zcard(keys.lane(worker, 'prioritized')),
    redis.hlen(keys.lane(worker, 'slots')),
  ]);
  return life === null && waiting + running > 0;
}
