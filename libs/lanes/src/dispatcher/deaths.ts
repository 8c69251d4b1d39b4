import type { Death } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { redisTimeMs } from '../redis/store-clock.js';

/** What brought workers down within the last 20 minutes. */
export interface RecentDeaths {
  readonly deaths: readonly Death[];
  /** Tasks that were failed as poison. */
  readonly poisoned: readonly string[];
}

/** As long as Redis remembers them. */
const recentMs = 1_200_000;

/** Reads it. */
export async function recentDeaths(redis: Redis, keys: PoolKeys): Promise<RecentDeaths> {
  const fromMs = (await redisTimeMs(redis)) - recentMs;
  const [deaths, poisoned] = await Promise.all([
    redis.zrange(keys.of('deaths'), `${fromMs}`, '+inf', 'BYSCORE', 'WITHSCORES'),
    redis.zrange(keys.of('poisoned'), `${fromMs}`, '+inf', 'BYSCORE'),
  ]);
  return { deaths: deathsIn(deaths), poisoned };
}

/** From a flat list of members and scores. */
function deathsIn(flat: readonly string[]): readonly Death[] {
  return flat.flatMap((member, i) => {
    if (i % 2 === 1) return [];
    const [worker, host] = JSON.parse(member) as [string, string];
    return [{ worker, host, atMs: Number(flat[i + 1]) }];
  });
}
