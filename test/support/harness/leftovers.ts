import { type PoolKeys, poolStats } from '@shunt/lanes';
import type { Redis } from 'ioredis';

/** Keys of a pool that are no job hashes and may stay when all is settled. */
const known =
  /^(meta|id|events|completed|failed|marker|mailboxed|bound|totals|seq|fence|agents|workers|incarnations|load|leases|routable|leader|journal|config|limits|breakers|orders|drained|labels|carriers|labelsets|idle|pull|closed|alerts|scale|remembered|dying|crews|deaths|poisoned|yard:marker|repeat|sent:.*|de:.*|metrics:.*|lane:.*:(recycle|seen|settled:.*)|.*:logs)$/;

/**
 * Counts what a pool still holds of tasks, by where, and keys that nothing leads to any more: all zero once everything is
 * settled.
 */
export async function leftovers(redis: Redis, keys: PoolKeys): Promise<Record<string, number>> {
  const { tasks, workers } = await poolStats(redis, keys);
  const counts: Record<string, number> = { ...tasks, mailboxes: 0, currentTasks: 0, laneKeys: 0, locks: 0, orphans: 0 };
  const count = (name: string, by: number) => {
    counts[name] = (counts[name] ?? 0) + by;
  };
  for await (const batch of redis.scanStream({ match: `${keys.prefix}*`, count: 1000 })) {
    const others: string[] = [];
    for (const key of new Set(batch as string[])) {
      const name = key.slice(keys.prefix.length);
      if (name.startsWith('mailbox:')) count('mailboxes', 1);
      else if (/^lane:.*:(active|prioritized|slots|before|cancels)$/.test(name)) count('laneKeys', 1);
      else if (isOf(name, workers)) continue;
      else if (name.endsWith(':lock')) count('locks', 1);
      else if (name.startsWith('agent:')) {
        count('currentTasks', await redis.hexists(key, 'cur'));
        if ((await redis.ttl(key)) === -1) count('orphans', 1);
      } else if (!known.test(name)) others.push(name);
    }
    count('orphans', await orphans(redis, keys, others));
  }
  return counts;
}

/** Whether a key is told of a worker that has neither left nor been forgotten. */
function isOf(name: string, workers: readonly { readonly id: string }[]): boolean {
  const [, holder, owner] = /^(?:held:(.*)|lane:(.*):(?:marker|closes))$/.exec(name) ?? [];
  return workers.some(({ id }) => id === holder || id === owner);
}

/** How many of these keys are neither a task that has ended nor a list that a pool may keep. */
async function orphans(redis: Redis, keys: PoolKeys, names: readonly string[]): Promise<number> {
  const pipeline = redis.pipeline();
  for (const name of names) pipeline.zscore(keys.of('completed'), name).zscore(keys.of('failed'), name);
  const scores = ((await pipeline.exec()) ?? []).map(([, score]) => score);
  return names.filter((_, nth) => scores[2 * nth] === null && scores[2 * nth + 1] === null).length;
}
