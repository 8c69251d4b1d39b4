import { type AlertStatus, alertStatuses } from '@shunt/lanes';
import type { Store } from './store.js';

/** What is wrong with a pool. */
export class Alerts {
  constructor(
    private readonly store: Store,
    private readonly timeoutMs: number,
  ) {}

  /** Every alert, active or not. That Redis is down is told by the error. @throws ShuntError STORE_UNAVAILABLE, DEADLINE_EXCEEDED */
  list(): Promise<AlertStatus[]> {
    const { store, timeoutMs } = this;
    return store.call(performance.now() + timeoutMs, (redis) => alertStatuses(redis, store.keys));
  }
}
