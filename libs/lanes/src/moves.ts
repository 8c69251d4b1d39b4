import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import { runScript } from './script-runner.js';

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
}

/** Takes up to `limit` tasks of the intake to mailboxes, lanes and the yard. Resolves to how many. */
export async function shunt(redis: Redis, keys: PoolKeys, limit: number, nowMs: number): Promise<number> {
  return Number(
    await runScript(redis, 'shunt', [keys.of('wait'), keys.of('prioritized')], [keys.prefix, limit, nowMs]),
  );
}

/** Takes up to `limit` due tasks out of the delayed set. `nextDueMs` is 0 when none is left. */
export async function promote(
  redis: Redis,
  keys: PoolKeys,
  limit: number,
  nowMs: number,
  sessionTtlMs: number,
): Promise<{ promoted: number; nextDueMs: number }> {
  const names = [keys.of('delayed'), keys.of('parked')];
  const reply = await runScript(redis, 'promote', names, [keys.prefix, limit, nowMs, sessionTtlMs]);
  const [promoted, nextDueMs] = reply as [number, number];
  return { promoted, nextDueMs };
}

/** Moves yard tasks into lanes under a leader's term. Resolves to how many, or `'old-term'`. */
export async function place(
  redis: Redis,
  keys: PoolKeys,
  term: number,
  placements: readonly Placement[],
): Promise<number | 'old-term'> {
  const pairs = placements.flatMap(({ task, worker }) => [task, worker]);
  const names = [keys.of('leader'), keys.of('yard'), keys.of('routable')];
  const placed = Number(await runScript(redis, 'place', names, [keys.prefix, term, ...pairs]));
  return placed < 0 ? 'old-term' : placed;
}

/** Where a task is right now. */
export async function stateOf(redis: Redis, keys: PoolKeys, task: string): Promise<TaskState> {
  const reply = await runScript(redis, 'state', [keys.of(task)], [keys.prefix, task]);
  const [state, worker] = reply as [TaskState['state'], string];
  return worker === '' ? { state } : { state, worker };
}

/** Takes or renews the leadership for `leaseMs`. Resolves to the term, 0 when another dispatcher leads. */
export async function lead(redis: Redis, keys: PoolKeys, dispatcher: string, leaseMs: number): Promise<number> {
  return Number(await runScript(redis, 'lead', [keys.of('leader')], [dispatcher, leaseMs]));
}

/** Gives the leadership up if this dispatcher has it. */
export async function resign(redis: Redis, keys: PoolKeys, dispatcher: string): Promise<void> {
  await runScript(redis, 'resign', [keys.of('leader')], [dispatcher]);
}

/**
 * Takes a worker out of the routable set and all its waiting tasks to the yard, in batches. Resolves to how many.
 * With a leader's `term` it does so only while that term is current and the worker's lease has expired.
 */
export async function retire(redis: Redis, keys: PoolKeys, worker: string, term?: number): Promise<number> {
  const names = [keys.of('routable'), keys.lane(worker, 'prioritized'), keys.of('leader'), keys.of('leases')];
  let moved = 0;
  for (;;) {
    const batch = Number(await runScript(redis, 'retire', names, [keys.prefix, worker, 500, term ?? '']));
    if (batch <= 0) return moved;
    moved += batch;
  }
}

/** A routable worker's load at one instant. */
export interface RoutableLoad {
  readonly worker: string;
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
}

/** The oldest yard tasks and every routable worker's load, of one instant. `workers` is empty when the yard is. */
export async function survey(
  redis: Redis,
  keys: PoolKeys,
  limit: number,
): Promise<{ tasks: string[]; workers: RoutableLoad[] }> {
  const reply = await runScript(redis, 'survey', [keys.of('yard'), keys.of('routable')], [keys.prefix, limit]);
  const [tasks, flat] = reply as [string[], (string | number)[]];
  const workers: RoutableLoad[] = [];
  for (let i = 0; i < flat.length; i += 4) {
    const [slots, running, waiting] = flat.slice(i + 1, i + 4).map(Number) as [number, number, number];
    workers.push({ worker: String(flat[i]), slots, running, waiting });
  }
  return { tasks, workers };
}
