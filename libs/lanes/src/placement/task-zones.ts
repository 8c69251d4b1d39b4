import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';

/** Where tasks come from, as their option `zone` says; undefined for one that does not. One command per task, together. */
export async function zonesOf(
  redis: Redis,
  keys: PoolKeys,
  tasks: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const options = await Promise.all(tasks.map((task) => redis.hget(keys.of(task), 'opts')));
  return options.map(zoneIn);
}

function zoneIn(options: string | null): string | undefined {
  if (options === null || !options.includes('"zone"')) return undefined;
  const { zone } = JSON.parse(options) as { zone?: unknown };
  return typeof zone === 'string' ? zone : undefined;
}
