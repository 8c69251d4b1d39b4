import type { Advice } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import type { NamedOrderer } from '../orderer.js';
import { runScript } from '../redis/script-runner.js';
import { redisTimeMs } from '../redis/store-clock.js';

/** How many workers a pool should have. */
export interface PoolScale {
  /** The leader's advice, null before the first. */
  readonly advice: Advice | null;
  /** What somebody wishes, null to leave it to the advice. */
  readonly wish: number | null;
  /** Workers that are being taken out. */
  readonly victims: readonly string[];
  /** Until when a scaler is known to follow, in ms of Redis time, 0 for never. */
  readonly scalerUntilMs: number;
}

/** A scaler that has not said for so long that it follows is taken for gone. */
export const scalerMs = 10_000;

/** Most workers that may be wished for. */
export const maxWorkers = 10_000;

/** Reads it. */
export async function readScale(redis: Redis, keys: PoolKeys): Promise<PoolScale> {
  const names = ['advice', 'wish', 'victims', 'scalerUntilMs'];
  const [advice, wish, victims, scalerUntilMs] = await redis.hmget(keys.of('scale'), ...names);
  return {
    advice: advice ? (JSON.parse(advice) as Advice) : null,
    wish: wish ? Number(wish) : null,
    victims: JSON.parse(victims ?? '[]') as string[],
    scalerUntilMs: Number(scalerUntilMs ?? 0),
  };
}

/** Keeps some of it under a leader's term. Resolves to whether that lasts: nothing changes once it is over. */
export async function keepScale(
  redis: Redis,
  keys: PoolKeys,
  term: number,
  some: Partial<Pick<PoolScale, 'advice' | 'victims' | 'scalerUntilMs'>>,
): Promise<boolean> {
  const pairs = Object.entries(some).flatMap(([name, value]) => [name, JSON.stringify(value)]);
  return (await runScript(redis, 'advise', ['leader', 'scale'].map(keys.of), [term, ...pairs])) === 1;
}

/** Says that a scaler follows which is not a leader's. */
export async function noteScaler(redis: Redis, keys: PoolKeys): Promise<void> {
  await redis.hset(keys.of('scale'), 'scalerUntilMs', (await redisTimeMs(redis)) + scalerMs);
}

/** Wishes for so many workers, null to leave it to the advice. Told in the journal, with who did; the nonce names the call. */
export async function wishScale(
  redis: Redis,
  keys: PoolKeys,
  workers: number | null,
  { by, reason = '', nonce }: NamedOrderer,
): Promise<void> {
  await runScript(redis, 'wish', ['scale', 'journal'].map(keys.of), [nonce, workers ?? '', by, reason]);
}
