import type { Breaker, TripReason } from '@shunt/health';
import type { Redis } from 'ioredis';
import { keptBreaker } from './dispatcher/breaker-store.js';
import type { PoolKeys } from './keys.js';
import type { LoadCounts } from './load/load-counters.js';
import type { ProcessLoad } from './load/process-load.js';
import { runScript } from './redis/script-runner.js';

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
  /** Where it is, for the distance to tasks. */
  readonly zone?: string | undefined;
  /** What tasks may require of it. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Host and process, for people. */
  readonly host: string;
  readonly pid: number;
  /** Agents whose states it can hold; no limit without. */
  readonly maxAgents?: number | undefined;
  /** Whether it has to be told at once of states that it need not hold any more. */
  readonly holdsStates?: boolean;
  /** Where the dispatcher may ask whether it is well; not checked without. */
  readonly healthUrl?: string | undefined;
}

/** Load of one heartbeat. */
export interface LoadReport extends LoadCounts, ProcessLoad {
  readonly incarnation: string;
  /** Names what its counts are of: they go on through the lives that one process loses and begins. */
  readonly countsOf: string;
  readonly running: number;
  readonly isDraining: boolean;
  /** Version of the pool's configuration that it goes by, 0 for its own settings. */
  readonly configVersion: number;
  /** How often this life took itself for sick. */
  readonly trips: number;
  /** Why it did the last time, null before. */
  readonly tripReason: TripReason | null;
  /** How many times slower than its own past it is, by geometric means; 1 until it has ended 60 tasks. */
  readonly slowdown: number;
}

/** A registered worker as the dispatchers and the CLI see it. */
export interface WorkerRecord extends Registration {
  readonly id: string;
  /** Its present life, null for one that is taken for dead. */
  readonly incarnation: string | null;
  readonly isRoutable: boolean;
  /** Whether an operator drains it. */
  readonly isDrained: boolean;
  /** Whether it is dead and as many live as did before its death: another one is in its place. */
  readonly isReplaced: boolean;
  readonly breaker: Breaker['state'];
  /** When its lease ends, in ms of Redis time. */
  readonly leaseUntilMs: number;
  /** Its last heartbeat, null before the first. */
  readonly load: LoadReport | null;
}

/** Whether and why a worker does not receive, in a word. */
export type WorkerState = 'up' | 'out' | 'draining' | 'drained' | 'dead';

/** Tells it: `out` by its breaker, `drained` by an operator, `draining` by itself. */
export function workerState({ isRoutable, isDrained, incarnation, breaker }: WorkerRecord): WorkerState {
  if (incarnation === null) return 'dead';
  if (isDrained) return 'drained';
  if (isRoutable) return 'up';
  return breaker === 'open' ? 'out' : 'draining';
}

/** How often a task may have been running on a worker that died. */
export const defaultMaxStalledCount = 3;

/** What a life of a worker takes over from an earlier one. */
export interface Succession {
  /** The life of the same process that it succeeds, whether its lease holds or not. None, unless given. */
  readonly replaces?: string;
  /** How often a task may have been running on a worker that died. Not counted this time, unless given. */
  readonly maxStalledCount?: number;
}

/**
 * Registers a life of a worker; what an earlier one had left running is in its lane by then. Resolves to null, or to the ms for
 * which another process's life holds the id: then nothing has changed.
 */
export async function join(
  redis: Redis,
  keys: PoolKeys,
  who: WorkerIdentity,
  registration: Registration,
  leaseMs: number,
  { replaces = '', maxStalledCount }: Succession = {},
): Promise<number | null> {
  const names = ['workers', 'leases', 'incarnations', 'routable'].map(keys.of);
  const own = [keys.prefix, who.worker, who.incarnation, JSON.stringify(registration), leaseMs, registration.slots];
  const reply = await runScript(redis, 'join', names, [...own, replaces, maxStalledCount ?? '']);
  const [isRegistered, heldMs] = reply as [number, number];
  return isRegistered === 1 ? null : heldMs;
}

/** What a heartbeat met. */
export interface HeartbeatReply {
  /** Another life may be registered, or none when Redis came back without its data. */
  readonly outcome: 'renewed' | 'replaced' | 'unregistered';
  /** Whether the dispatcher found that it does not advance: it has to end. */
  readonly isStuck: boolean;
  /** Whether the dispatcher found that it fell far behind its own past. */
  readonly isStraggler: boolean;
  /** Running tasks to abort, again and again until a heartbeat says that they were. */
  readonly cancels: readonly string[];
  /** States to end, flat: agent key, `<fence> <reason>`; again and again until a heartbeat says that they were. */
  readonly closes: readonly string[];
}

/** What a worker has done of what it was told by heartbeats. */
export interface Done {
  readonly aborted: readonly string[];
  readonly closed: readonly string[];
}

/** Renews the lease of a life. `slots` is 0 while it drains. */
export async function heartbeat(
  redis: Redis,
  keys: PoolKeys,
  who: WorkerIdentity,
  load: LoadReport,
  leaseMs: number,
  slots: number,
  { aborted, closed }: Done = { aborted: [], closed: [] },
): Promise<HeartbeatReply> {
  const names = ['leases', 'incarnations', 'routable', 'load', 'totals'].map(keys.of);
  const args = [who.worker, who.incarnation, leaseMs, JSON.stringify(load), slots, keys.prefix];
  const reply = await runScript(redis, 'heartbeat', names, [...args, aborted.length, ...aborted, ...closed]);
  const [code, cancels = [], closes = [], slow] = reply as [number, string[]?, string[]?, number?];
  const outcome = code > 0 ? 'renewed' : code === 0 ? 'replaced' : 'unregistered';
  return { outcome, isStuck: code === 2, isStraggler: slow === 1, cancels, closes };
}

/** Ends a worker's registration. */
export async function leave(redis: Redis, keys: PoolKeys, who: WorkerIdentity): Promise<void> {
  const names = ['incarnations', 'journal'].map(keys.of);
  await runScript(redis, 'leave', names, [keys.prefix, who.worker, who.incarnation]);
}

/** When each worker's lease ends, in ms of Redis time, by worker id. */
export async function leasesOf(redis: Redis, keys: PoolKeys): Promise<ReadonlyMap<string, number>> {
  const flat = await redis.zrange(keys.of('leases'), '0', '-1', 'WITHSCORES');
  const leaseUntil = new Map<string, number>();
  for (let i = 0; i < flat.length; i += 2) leaseUntil.set(String(flat[i]), Number(flat[i + 1]));
  return leaseUntil;
}

/** Every registered worker, by id. */
export async function workersOf(redis: Redis, keys: PoolKeys): Promise<WorkerRecord[]> {
  const hashes = ['workers', 'incarnations', 'routable', 'load', 'breakers', 'drained', 'crews'] as const;
  const [leaseUntil, ...told] = await Promise.all([
    leasesOf(redis, keys),
    ...hashes.map((name) => redis.hgetall(keys.of(name))),
  ]);
  const [registrations = {}, lives = {}, routable = {}, loads = {}, breakers = {}, drained = {}, crews = {}] = told;
  const alive = Object.keys(lives).length;
  return Object.entries(registrations)
    .map(([id, json]) => ({
      ...(JSON.parse(json) as Registration),
      id,
      incarnation: lives[id] ?? null,
      isRoutable: id in routable,
      isDrained: id in drained,
      isReplaced: lives[id] === undefined && alive >= Number(crews[id] ?? Number.POSITIVE_INFINITY),
      breaker: keptBreaker(breakers[id]).breaker.state,
      leaseUntilMs: leaseUntil.get(id) ?? 0,
      load: loads[id] === undefined ? null : (JSON.parse(loads[id]) as LoadReport),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
