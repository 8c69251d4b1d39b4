import type { Breaker, Order } from '@shunt/health';
import type { Redis } from 'ioredis';
import type { PoolKeys } from '../keys.js';
import { evict, type Verdict } from '../moves.js';
import type { Orderer } from '../orderer.js';
import { runScript } from '../redis/script-runner.js';
import { ShuntError } from '../shunt-error.js';
import { type WorkerStats, workersWithLanes } from './pool-stats.js';

/** What a drain moves and waits for. */
export interface DrainProgress {
  /** Tasks in the worker's lane: they go to other workers. */
  readonly waiting: number;
  /** Tasks it runs: they end where they are. */
  readonly running: number;
  /** Workers that may receive what it has; with none its tasks wait in the yard. */
  readonly others: number;
}

/** What draining a worker would move. Changes nothing. @throws ShuntError NOT_FOUND for a worker nobody knows */
export async function drainProgress(redis: Redis, keys: PoolKeys, worker: string): Promise<DrainProgress> {
  const workers = await workersWithLanes(redis, keys);
  const { waiting, running } = found(workers, worker);
  return { waiting, running, others: othersThan(worker, workers) };
}

/** How many other workers may receive tasks. */
function othersThan(worker: string, workers: readonly WorkerStats[]): number {
  return workers.filter(({ id, isRoutable }) => isRoutable && id !== worker).length;
}

/**
 * Gives a worker nothing more and its waiting tasks to others, until {@link undrain}, also across its restarts. What it runs
 * ends there. A leader gives its term: nothing happens once that is over. Resolves to how many tasks it moved.
 * @throws ShuntError NOT_FOUND for a worker nobody knows
 */
export async function drain(
  redis: Redis,
  keys: PoolKeys,
  worker: string,
  orderer: Orderer,
  verdict?: Verdict,
): Promise<number> {
  await setDrained(redis, keys, worker, true, orderer, verdict);
  const moved = await evict(redis, keys, worker, verdict);
  return moved === 'refused' ? 0 : moved;
}

/**
 * Lets a worker receive again, from its next heartbeat on. A leader gives its term, as in {@link drain}.
 * @throws ShuntError NOT_FOUND for a worker nobody knows
 */
export async function undrain(
  redis: Redis,
  keys: PoolKeys,
  worker: string,
  orderer: Orderer,
  verdict?: Verdict,
): Promise<void> {
  await setDrained(redis, keys, worker, false, orderer, verdict);
}

/**
 * Opens or closes a worker's breaker whatever it does, or gives it back to the rules, within a sweep.
 * @throws ShuntError NOT_FOUND for a worker nobody knows
 */
export async function orderBreaker(
  redis: Redis,
  keys: PoolKeys,
  worker: string,
  order: Order,
  { by, reason = '' }: Orderer,
): Promise<void> {
  const names = ['orders', 'workers', 'journal'].map(keys.of);
  if (Number(await runScript(redis, 'orderBreaker', names, [worker, order, by, reason])) === -1)
    throw unknownWorker(worker);
}

/** What an order to a worker's breaker meets. */
export interface BreakerFacts extends DrainProgress {
  /** What an operator has ordered, `auto` for nothing. */
  readonly ordered: Order;
  readonly breaker: Breaker['state'];
}

/** Reads it, of a worker that is gone and whose order is kept as of an idle one. @throws ShuntError NOT_FOUND as {@link orderBreaker} */
export async function breakerFacts(redis: Redis, keys: PoolKeys, worker: string): Promise<BreakerFacts> {
  const [workers, order] = await Promise.all([workersWithLanes(redis, keys), redis.hget(keys.of('orders'), worker)]);
  const one = workers.find(({ id }) => id === worker);
  if (one === undefined && order === null) throw unknownWorker(worker);
  const { breaker = 'closed', waiting = 0, running = 0 } = one ?? {};
  return { ordered: (order ?? 'auto') as Order, breaker, waiting, running, others: othersThan(worker, workers) };
}

async function setDrained(
  redis: Redis,
  keys: PoolKeys,
  worker: string,
  isDrained: boolean,
  { by, reason = '' }: Orderer,
  verdict: Verdict | undefined,
): Promise<void> {
  const names = ['drained', 'workers', 'routable', 'journal', 'leader'].map(keys.of);
  const args = [worker, isDrained ? '1' : '0', Date.now(), by, reason, verdict?.term ?? ''];
  if (Number(await runScript(redis, 'drain', names, args)) === -1) throw unknownWorker(worker);
}

function found(workers: readonly WorkerStats[], id: string): WorkerStats {
  const worker = workers.find((one) => one.id === id);
  if (!worker) throw unknownWorker(id);
  return worker;
}

/** The error of a worker nobody knows. Its message, which goes into answers and logs, does not hold what was asked for. */
export function unknownWorker(worker: string): ShuntError {
  return new ShuntError('NOT_FOUND', 'there is no such worker in this pool', { details: { worker } });
}

/** Whether a worker may receive tasks now. */
export async function mayReceive(redis: Redis, keys: PoolKeys, worker: string): Promise<boolean> {
  return (await redis.hexists(keys.of('routable'), worker)) === 1;
}
