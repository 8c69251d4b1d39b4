import { type Binding, carriesLabels, type WorkerSnapshot } from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { survey, type YardTask } from '../moves.js';
import { type Labels, labelsOfKey } from '../pool/labels-key.js';

/** A task of a yard with the labels it requires. */
export interface WaitingTask extends YardTask {
  readonly labels: Labels;
  /** Workers it leaves to others while another is left. */
  readonly avoid?: ReadonlySet<string>;
}

/** The oldest tasks of the yard, and of those whose labels a worker carries that may be given one more, oldest first. */
export async function readYards(
  redis: Redis,
  keys: PoolKeys,
  limit: number,
  bind: Binding,
  snapshotsOf: (loads: Awaited<ReturnType<typeof survey>>['workers']) => Promise<readonly WorkerSnapshot[]>,
): Promise<{ tasks: readonly WaitingTask[]; workers: readonly WorkerSnapshot[] }> {
  const { tasks, workers: loads, labelled } = await survey(redis, keys, limit);
  const workers = await snapshotsOf(loads);
  const open = workers.filter(({ slots, running, waiting }) => bind === 'early' || running + waiting < slots);
  const served = labelled.filter((key) => open.some((worker) => carriesLabels(labelsOfKey(key), worker)));
  const yards = await Promise.all(served.map((key) => readYard(redis, keys, key, limit)));
  const plain = tasks.map((task) => ({ ...task, labels: {} }));
  const all = yards.length === 0 ? plain : [...plain, ...yards.flat()].sort((a, b) => a.score - b.score);
  return { tasks: await withAvoided(redis, keys, all.slice(0, limit)), workers };
}

/** Adds whom each task avoids: most pools have none that does, and one command says so. */
async function withAvoided(redis: Redis, keys: PoolKeys, tasks: readonly WaitingTask[]): Promise<WaitingTask[]> {
  if (tasks.length === 0 || (await redis.exists(keys.of('avoids'))) === 0) return [...tasks];
  const avoided = await redis.hmget(keys.of('avoids'), ...tasks.map(({ id }) => id));
  return tasks.map((task, n) => {
    const names = avoided[n];
    return names ? { ...task, avoid: new Set(names.split(' ')) } : task;
  });
}

async function readYard(redis: Redis, keys: PoolKeys, labelsKey: string, limit: number): Promise<WaitingTask[]> {
  const flat = await redis.zrange(keys.yard(labelsKey), '0', String(limit - 1), 'WITHSCORES');
  const labels = labelsOfKey(labelsKey);
  return Array.from({ length: flat.length / 2 }, (_, n) => {
    return { id: String(flat[2 * n]), score: Number(flat[2 * n + 1]), labelsKey, labels };
  });
}
