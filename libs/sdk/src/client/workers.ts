import {
  breakerFacts,
  type DrainProgress,
  drain,
  drainProgress,
  type EvictionPlan,
  evictionPlan,
  evictWaiting,
  orderBreaker,
  type PoolKeys,
  ShuntError,
  undrain,
  type WorkerStats,
  workersWithLanes,
} from '@shunt/lanes';
import type { Redis } from 'ioredis';
import { assertOrderOptions, namedOrderer, type OrderOptions } from '../input/order-options.js';
import { assertBreakerOrder, type BreakerOrder, breakerPlan } from '../plans/breaker-plan.js';
import type { Store } from './store.js';

/** The workers of a pool: see them, and take one out of it. Every call throws ShuntError STORE_UNAVAILABLE or DEADLINE_EXCEEDED. */
export class Workers {
  constructor(
    private readonly store: Store,
    private readonly timeoutMs: number,
  ) {}

  /** Every registered worker with its lane, by id. */
  list(): Promise<WorkerStats[]> {
    return this.call(workersWithLanes);
  }

  /** One worker. @throws ShuntError NOT_FOUND */
  async get(id: string): Promise<WorkerStats> {
    const worker = (await this.list()).find((one) => one.id === id);
    if (worker) return worker;
    throw new ShuntError('NOT_FOUND', 'There is no such worker in this pool', { details: { worker: id } });
  }

  /** What draining a worker would move. Changes nothing. @throws ShuntError NOT_FOUND */
  drainPlan(id: string): Promise<DrainProgress> {
    return this.call((redis, keys) => drainProgress(redis, keys, id));
  }

  /**
   * Gives a worker nothing more and its waiting tasks to others, until `undrain`, also across its restarts. Resolves to how many it
   * moved. @throws ShuntError NOT_FOUND, INVALID_INPUT naming by or reason
   */
  async drain(id: string, options: OrderOptions = {}): Promise<number> {
    const orderer = orderOf(options);
    return this.call((redis, keys) => drain(redis, keys, id, orderer));
  }

  /** What `evict` would move. Changes nothing. @throws ShuntError NOT_FOUND */
  evictPlan(id: string): Promise<EvictionPlan> {
    return this.call((redis, keys) => evictionPlan(redis, keys, id));
  }

  /**
   * Gives a worker's waiting tasks to others, once: it receives as before. What it runs ends there; what a pin or `retryOn` wants there
   * stays, as does what nobody else may run. Resolves to how many it moved. @throws ShuntError NOT_FOUND,
   * INVALID_INPUT naming by or reason
   */
  async evict(id: string, options: OrderOptions = {}): Promise<number> {
    const orderer = orderOf(options);
    return this.call((redis, keys) => evictWaiting(redis, keys, id, orderer));
  }

  /** Lets a worker receive again, from its next heartbeat on. @throws ShuntError NOT_FOUND, INVALID_INPUT naming by or reason */
  async undrain(id: string, options: OrderOptions = {}): Promise<void> {
    const orderer = orderOf(options);
    return this.call((redis, keys) => undrain(redis, keys, id, orderer));
  }

  /**
   * Opens or closes a worker's breaker whatever it does, or gives it back to the rules, within a sweep. @throws ShuntError NOT_FOUND,
   * INVALID_INPUT naming order, by or reason
   */
  async setBreaker(id: string, order: BreakerOrder, options: OrderOptions = {}): Promise<void> {
    assertBreakerOrder(order);
    const orderer = orderOf(options);
    return this.call((redis, keys) => orderBreaker(redis, keys, id, order === 'close' ? 'closed' : order, orderer));
  }

  /** What `setBreaker` would do, in a few words, as things are. Changes nothing. @throws ShuntError NOT_FOUND, INVALID_INPUT */
  async breakerPlan(id: string, order: BreakerOrder): Promise<string> {
    assertBreakerOrder(order);
    return breakerPlan(order, await this.call((redis, keys) => breakerFacts(redis, keys, id)));
  }

  private call<T>(send: (redis: Redis, keys: PoolKeys) => Promise<T>): Promise<T> {
    return this.store.call(performance.now() + this.timeoutMs, (redis) => send(redis, this.store.keys));
  }
}

/** @throws ShuntError INVALID_INPUT naming by or reason */
function orderOf(options: OrderOptions) {
  assertOrderOptions(options);
  return namedOrderer(options);
}
