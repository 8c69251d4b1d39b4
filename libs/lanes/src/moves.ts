import type { Binding } from '@shunt/balancing';
import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import { leaveTime } from './leave-time.js';
import { runScript } from './redis/script-runner.js';
import type { WorkerIdentity } from './registry.js';

/** Where a task is. `worker` is set for `lane` and `running`. */
export interface TaskState {
  readonly state:
    | 'intake'
    | 'mailbox'
    | 'lane'
    | 'yard'
    | 'running'
    | 'delayed'
    | 'waiting-children'
    | 'completed'
    | 'failed'
    | 'missing';
  readonly worker?: string;
}

/** A yard task and the worker a strategy picked for it. */
export interface Placement {
  readonly task: string;
  readonly worker: string;
  /** Labels key of the yard it waits in. */
  readonly labelsKey: string;
  /** What made the strategy pick the worker, for the journal. Defaults to nothing said. */
  readonly grounds?: string;
}

/** How placements were decided. */
export interface Decision {
  /** Defaults to `late`. */
  readonly bind?: Binding;
  /** Name of the strategy, for the journal. Defaults to nothing said. */
  readonly strategy?: string;
}

/** A task of a yard. */
export interface YardTask {
  readonly id: string;
  readonly score: number;
  /** Labels key of the yard, '' for the one without. */
  readonly labelsKey: string;
}

/** Takes up to `limit` tasks of the intake to mailboxes, lanes and the yard. Resolves to how many. */
export async function shunt(redis: Redis, keys: PoolKeys, limit: number, nowMs: number): Promise<number> {
  return Number(
    await runScript(redis, 'shunt', [keys.of('wait'), keys.of('prioritized')], [keys.prefix, limit, nowMs]),
  );
}

/**
 * Takes up to `limit` due tasks out of the delayed set, by Redis's clock unless told. Resolves to how many, and to the ms until the
 * next one is due, null when there is none.
 */
export async function promote(
  redis: Redis,
  keys: PoolKeys,
  limit: number,
  sessionTtlMs: number,
  nowMs?: number,
): Promise<{ promoted: number; dueInMs: number | null }> {
  const names = [keys.of('delayed'), keys.of('parked')];
  const reply = await runScript(redis, 'promote', names, [keys.prefix, limit, nowMs ?? '', sessionTtlMs]);
  const [promoted, dueInMs] = reply as [number, number];
  return { promoted, dueInMs: dueInMs < 0 ? null : dueInMs };
}

/** Moves yard tasks into lanes under a leader's term, those of busy workers only with `early`. Resolves to how many, or `'old-term'`. */
export async function place(
  redis: Redis,
  keys: PoolKeys,
  term: number,
  placements: readonly Placement[],
  { bind = 'late', strategy = '' }: Decision = {},
): Promise<number | 'old-term'> {
  const decided = placements.flatMap(({ task, worker, labelsKey, grounds = '' }) => [task, worker, labelsKey, grounds]);
  const names = [keys.of('leader'), keys.of('routable')];
  const placed = Number(await runScript(redis, 'place', names, [keys.prefix, term, bind, strategy, ...decided]));
  return placed < 0 ? 'old-term' : placed;
}

/** Where a task is right now. */
export async function stateOf(redis: Redis, keys: PoolKeys, task: string): Promise<TaskState> {
  const reply = await runScript(redis, 'state', [keys.of(task)], [keys.prefix, task]);
  const [state, worker] = reply as [TaskState['state'], string];
  return worker === '' ? { state } : { state, worker };
}

/** Takes or renews the leadership for `leaseMs`, and tells of strategies of one's own. `term` is 0 when another dispatcher leads. */
export async function lead(
  redis: Redis,
  keys: PoolKeys,
  dispatcher: string,
  leaseMs: number,
  strategies: readonly string[] = [],
): Promise<{ term: number; dataSet: string }> {
  const args = [dispatcher, leaseMs, JSON.stringify(strategies)];
  const reply = await runScript(redis, 'lead', [keys.of('leader'), keys.of('journal')], args);
  const [term, dataSet] = reply as [number, string];
  return { term, dataSet };
}

/** Gives the leadership up if this dispatcher has it. */
export async function resign(redis: Redis, keys: PoolKeys, dispatcher: string): Promise<void> {
  await runScript(redis, 'resign', [keys.of('leader')], [dispatcher]);
}

/** What a leader needs to evict a worker. */
export interface Verdict {
  readonly term: number;
}

/** What it needs to evict one that it takes for dead. */
export interface DeathVerdict extends Verdict {
  /** How long its lease must be over, in ms. */
  readonly marginMs: number;
  /** How often a task may have been running on a worker that died; one that was more often is failed as poison. */
  readonly maxStalledCount: number;
}

/** Tasks that one call evicts: 2 ms of Redis. */
const evictBatch = 100;

/**
 * Takes a worker out of the routable set and all its waiting tasks to the yard, in batches. Resolves to how many. A verdict of
 * death takes what it was running as well and ends its life, while the term is current and the lease over. A worker that evicts
 * itself names its life: nothing happens when another one is registered. An operator gives neither. Resolves to `'refused'` when Redis did
 * not agree, at the first batch or a later one.
 */
export async function evict(
  redis: Redis,
  keys: PoolKeys,
  worker: string,
  by: Verdict | DeathVerdict | Pick<WorkerIdentity, 'incarnation'> | undefined,
): Promise<number | 'refused'> {
  const lane = (name: 'prioritized' | 'slots') => keys.lane(worker, name);
  const names = [
    keys.of('routable'),
    lane('prioritized'),
    keys.of('leader'),
    keys.of('leases'),
    lane('slots'),
    keys.of('incarnations'),
    keys.of('journal'),
  ];
  const said = (by ?? {}) as Partial<DeathVerdict & WorkerIdentity>;
  const { term = '', marginMs = '', maxStalledCount = 0, incarnation = '' } = said;
  const args = [keys.prefix, worker, evictBatch, term, marginMs, maxStalledCount, incarnation];
  let moved = 0;
  for (;;) {
    const sentAtMs = performance.now();
    const batch = Number(await runScript(redis, 'evict', names, args));
    if (batch < 0) return 'refused';
    if (batch === 0) return moved;
    moved += batch;
    // A worker that evicts itself stops, and its supervisor does not wait for ever.
    if (incarnation === '') await leaveTime(sentAtMs);
  }
}

/** Drops under a leader's term what is told of up to 100 workers whose leases have been over for `afterMs`. */
export async function forget(redis: Redis, keys: PoolKeys, term: number, afterMs: number): Promise<void> {
  const names = ['leases', 'incarnations', 'leader'].map(keys.of);
  await runScript(redis, 'forget', names, [keys.prefix, term, afterMs, 100]);
}

/** A life of a worker tells that it holds the states of agents no longer. Resolves to how many lost their home. */
export async function dropStates(
  redis: Redis,
  keys: PoolKeys,
  who: WorkerIdentity,
  agents: readonly string[],
): Promise<number> {
  const names = [keys.of('incarnations'), keys.lane(who.worker, 'prioritized')];
  return Number(await runScript(redis, 'drop', names, [keys.prefix, who.worker, who.incarnation, ...agents]));
}

/** A routable worker's load at one instant. */
export interface RoutableLoad {
  readonly worker: string;
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
}

/**
 * The oldest yard tasks without labels, every routable worker's load and the labels keys of other yards that hold tasks, of
 * one instant. `workers` is empty when nothing waits.
 */
export async function survey(
  redis: Redis,
  keys: PoolKeys,
  limit: number,
): Promise<{ tasks: YardTask[]; workers: RoutableLoad[]; labelled: string[] }> {
  const reply = await runScript(redis, 'survey', [keys.of('yard'), keys.of('routable')], [keys.prefix, limit]);
  const [waiting, flat, labelled] = reply as [string[], (string | number)[], string[]];
  const tasks: YardTask[] = [];
  for (let i = 0; i < waiting.length; i += 2) {
    tasks.push({ id: String(waiting[i]), score: Number(waiting[i + 1]), labelsKey: '' });
  }
  const workers: RoutableLoad[] = [];
  for (let i = 0; i < flat.length; i += 4) {
    const [slots, running, queued] = flat.slice(i + 1, i + 4).map(Number) as [number, number, number];
    workers.push({ worker: String(flat[i]), slots, running, waiting: queued });
  }
  return { tasks, workers, labelled };
}
