import { type PoolKeys, poolStats } from '@shunt/lanes';
import type { Redis } from 'ioredis';

/** Counts what a pool still holds of tasks, by where: all zero once everything is settled. */
export async function leftovers(redis: Redis, keys: PoolKeys): Promise<Record<string, number>> {
  const { tasks } = await poolStats(redis, keys);
  const counts: Record<string, number> = { ...tasks, mailboxes: 0, currentTasks: 0, laneKeys: 0, locks: 0 };
  const count = (name: string, by: number) => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  for await (const batch of redis.scanStream({ match: `${keys.prefix}*`, count: 1000 })) {
    for (const key of batch as string[]) {
      const name = key.slice(keys.prefix.length);
      if (name.startsWith('mailbox:')) count('mailboxes', 1);
      else if (name.startsWith('agent:')) count('currentTasks', await redis.hexists(key, 'cur'));
      else if (/^lane:.*:(active|prioritized|slots)$/.test(name)) count('laneKeys', 1);
      else if (name.endsWith(':lock')) count('locks', 1);
    }
  }
  return counts;
}
