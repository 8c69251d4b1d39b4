import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';

/** How a time is spread over tasks, in ms. */
export interface Spread {
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How long the tasks that completed last took. */
export interface ResponseTimes {
  /** How many tasks it is of. */
  readonly tasks: number;
  /** From enqueue, or when it was due, to the end; null without tasks, as are the others. */
  readonly total: Spread | null;
  /** Until the last attempt started. */
  readonly wait: Spread | null;
  /** The last attempt. */
  readonly run: Spread | null;
}

/** Reads it of up to `limit` tasks that are kept, the newest. Costs a read of each in one pipeline. */
export async function responseTimes(redis: Redis, keys: PoolKeys, limit: number): Promise<ResponseTimes> {
  const ids = await redis.zrange(keys.of('completed'), '0', String(limit - 1), 'REV');
  const names = ['timestamp', 'delay', 'processedOn', 'finishedOn'] as const;
  const rows = await Promise.all(ids.map((id) => redis.hmget(keys.of(id), ...names)));
  const known = rows.filter((row) => row.every((value) => value != null)).map((row) => row.map(Number));
  const spread = (from: (row: number[]) => number) => spreadOf(known.map((row) => Math.max(0, from(row))));
  return {
    tasks: known.length,
    total: spread(([at = 0, delay = 0, , ended = 0]) => ended - at - delay),
    wait: spread(([at = 0, delay = 0, started = 0]) => started - at - delay),
    run: spread(([, , started = 0, ended = 0]) => ended - started),
  };
}

/** The spread of values, by the nearest rank; null of none. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
  const meanMs = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { meanMs, p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99), maxMs: at(1) };
}
