import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import type { LoadCounts } from './load-counters.js';
import { runScript } from './script-runner.js';

/** One life of a worker. */
export interface WorkerIdentity {
  readonly worker: string;
  readonly incarnation: string;
}

/** What a worker tells about itself when it joins. */
export interface Registration {
  /** Concurrent tasks. */
  readonly slots: number;
  /** Relative capacity. Defaults to 1. */
  readonly weight: number;
  /** Host and process, for people. */
  readonly host: string;
  readonly pid: number;
}

/** Load of one heartbeat. */
export interface LoadReport extends LoadCounts {
  readonly incarnation: string;
  readonly running: number;
  readonly isDraining: boolean;
}

/** A registered worker as the dispatchers and the CLI see it. */
export interface WorkerRecord extends Registration {
  readonly id: string;
  readonly isRoutable: boolean;
  /** When its lease ends, in ms of Redis time. */
  readonly leaseUntilMs: number;
  /** Its last heartbeat, null before the first. */
  readonly load: LoadReport | null;
}

/** How often a task may have been running on a worker that died. */
export const defaultMaxStalledCount = 3;

/** What a life of a worker takes over from an earlier one. */
export interface Succession {
  /** The only life it may replace. Any, unless given. */
  readonly replaces?: string;
  /** How often a task may have been running on a worker that died. Not counted this time, unless given. */
  readonly maxStalledCount?: number;
}

/**
 * Registers a life of a worker; what an earlier one had left running is in its lane by then. Resolves to false when another
 * life is registered than the one it may replace.
 */
export async function join(
  redis: Redis,
  keys: PoolKeys,
  who: WorkerIdentity,
  registration: Registration,
  leaseMs: number,
  { replaces = '', maxStalledCount }: Succession = {},
): Promise<boolean> {
  const names = ['workers', 'leases', 'incarnations', 'routable'].map(keys.of);
  const own = [keys.prefix, who.worker, who.incarnation, JSON.stringify(registration), leaseMs, registration.slots];
  return Number(await runScript(redis, 'join', names, [...own, replaces, maxStalledCount ?? ''])) >= 0;
}

/** What a heartbeat met. */
export interface HeartbeatReply {
  /** Another life may be registered, or none when Redis came back without its data. */
  readonly outcome: 'renewed' | 'replaced' | 'unregistered';
  /** Running tasks to abort, again and again until a heartbeat says that they were. */
  readonly cancels: readonly string[];
}

/** Renews the lease of a life. `slots` is 0 while it drains; `aborted` are the tasks it aborted as it was told. */
export async function heartbeat(
  redis: Redis,
  keys: PoolKeys,
  who: WorkerIdentity,
  load: LoadReport,
  leaseMs: number,
  slots: number,
  aborted: readonly string[] = [],
): Promise<HeartbeatReply> {
  const names = ['leases', 'incarnations', 'routable', 'load', 'totals'].map(keys.of);
  const args = [who.worker, who.incarnation, leaseMs, JSON.stringify(load), slots, keys.prefix, ...aborted];
  const [code, ...cancels] = (await runScript(redis, 'heartbeat', names, args)) as [number, ...string[]];
  if (code === 1) return { outcome: 'renewed', cancels };
  return { outcome: code === 0 ? 'replaced' : 'unregistered', cancels };
}

/** Ends a worker's registration. */
export async function leave(redis: Redis, keys: PoolKeys, who: WorkerIdentity): Promise<void> {
  const names = ['workers', 'leases', 'incarnations', 'routable', 'load'].map(keys.of);
  await runScript(redis, 'leave', names, [who.worker, who.incarnation]);
}

/** Every registered worker, by id. */
export async function workersOf(redis: Redis, keys: PoolKeys): Promise<WorkerRecord[]> {
  const [registrations, leases, routable, loads] = await Promise.all([
    redis.hgetall(keys.of('workers')),
    redis.zrange(keys.of('leases'), '0', '-1', 'WITHSCORES'),
    redis.hgetall(keys.of('routable')),
    redis.hgetall(keys.of('load')),
  ]);
  const leaseUntil = new Map<string, number>();
  for (let i = 0; i < leases.length; i += 2) leaseUntil.set(String(leases[i]), Number(leases[i + 1]));
  return Object.entries(registrations)
    .map(([id, json]) => ({
      ...(JSON.parse(json) as Registration),
      id,
      isRoutable: id in routable,
      leaseUntilMs: leaseUntil.get(id) ?? 0,
      load: loads[id] === undefined ? null : (JSON.parse(loads[id]) as LoadReport),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
