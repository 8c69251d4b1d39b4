import type { Redis } from 'ioredis';

/** What the clock of Redis says, in ms since 1970. */
export async function redisTimeMs(redis: Pick<Redis, 'time'>): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}
