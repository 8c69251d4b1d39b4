import { type Alert, type AlertName, alertNames, ownHoldsMs } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { runScript } from '../redis/script-runner.js';
import { redisTimeMs } from '../redis/store-clock.js';

/** The alerts of a pool that are more than inactive. */
export type KeptAlerts = Readonly<Partial<Record<AlertName, Alert>>>;

/** One alert, active or not. */
export interface AlertStatus {
  readonly alert: AlertName;
  readonly state: 'inactive' | Alert['state'];
  /** Since when it is in that state, in ms since 1970; null for an inactive one. */
  readonly sinceMs: number | null;
  readonly value: number | null;
  /** What was found, and since when it is over while it still fires; of a resolved one what it was resolved by; '' for an inactive one. */
  readonly text: string;
}

/** Reads what the leader keeps. */
export async function readKept(redis: Redis, keys: PoolKeys): Promise<KeptAlerts> {
  return JSON.parse((await redis.get(keys.of('alerts'))) ?? '{}') as KeptAlerts;
}

/** Keeps them under a leader's term; those that fire or are resolved from now on are told in the journal. */
export async function keepAlerts(
  redis: Redis,
  keys: PoolKeys,
  term: number,
  alerts: KeptAlerts,
  began: readonly AlertName[],
): Promise<void> {
  const told = began.flatMap((name) => [name, alerts[name]?.state ?? '', alerts[name]?.text ?? '']);
  const names = ['leader', 'alerts', 'journal'].map(keys.of);
  await runScript(redis, 'alerts', names, [term, JSON.stringify(alerts), ...told]);
}

/** Every alert as it is now. That nobody leads is read at once; that Redis is down, nobody can be told who reads this. */
export async function alertStatuses(redis: Redis, keys: PoolKeys): Promise<AlertStatus[]> {
  const [kept, leaseEnd, nowMs] = await Promise.all([
    readKept(redis, keys),
    redis.hget(keys.of('leader'), 'expiresAt'),
    redisTimeMs(redis),
  ]);
  return statusesOf({ ...kept, ...noLeader(Number(leaseEnd ?? 0), nowMs) });
}

/** Every alert, by those that are more than inactive. */
function statusesOf(alerts: KeptAlerts): AlertStatus[] {
  return alertNames.map((alert) => {
    const { state = 'inactive', sinceMs = null, clearSinceMs = null, value = null, text = '' } = alerts[alert] ?? {};
    const over = clearSinceMs === null ? '' : `; over since ${new Date(clearSinceMs).toISOString()}`;
    return { alert, state, sinceMs, value, text: text + over };
  });
}

/** The alert that nobody leads, as a lease that ended at `leaseEndMs` tells, 0 for none ever. */
function noLeader(leaseEndMs: number, nowMs: number): KeptAlerts {
  if (leaseEndMs > nowMs) return {};
  const state = nowMs - leaseEndMs >= ownHoldsMs.no_leader ? 'firing' : 'pending';
  const text = 'No dispatcher leads: agents without a home wait, and nobody finds dead workers';
  return { no_leader: { state, sinceMs: leaseEndMs || nowMs, clearSinceMs: null, value: 1, text, isTold: false } };
}
