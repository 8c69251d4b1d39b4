import type { Duration } from '@shunt/input';

/** Spaces the retries of a failing task. */
export interface Backoff {
  /** `fixed` waits the delay each time, `exponential` doubles it from retry to retry. */
  readonly type: 'fixed' | 'exponential';
  /** Wait before the first retry. An exponential one without `max` must stay within 365 days up to the last attempt. */
  readonly delay: Duration;
  /** Share of the wait that is random, 0 to 1, so that retries spread out. Defaults to 0. */
  readonly jitter?: number | undefined;
  /** Longest wait of an exponential one, from its delay on. Defaults to none. */
  readonly max?: Duration | undefined;
}

/** Merges tasks that mean the same. */
export interface Dedup {
  /** What makes two tasks the same within the pool; any text, as an agent id. */
  readonly key: string;
  /** Span of `throttle` and `debounce`, from 1 ms. Refused for `simple`, which lasts until the task ends. */
  readonly ttl?: Duration | undefined;
  /**
   * `simple`: drop repeats until the first task ends. `throttle`: drop repeats for the ttl. `debounce`: each repeat
   * replaces the waiting task and starts the ttl again. Defaults to `throttle` when a ttl is given, else to `simple`.
   */
  readonly mode?: 'simple' | 'throttle' | 'debounce' | undefined;
}

/** How many finished tasks stay, at most; both bounds hold when both are given. */
export interface KeepBounds {
  /** Oldest that stays, counted from its end. BullMQ counts whole seconds: rounded up. Defaults to no bound. */
  readonly age?: Duration | undefined;
  /** Most that stay. Defaults to no bound. */
  readonly count?: number | undefined;
}

/** True keeps all, false none, a number the newest so many, a text such as `'1h'` those of that age, or both bounds. */
export type Keep = boolean | number | string | KeepBounds;

/**
 * Where a failed attempt is tried again. `any`: first at its agent's home, elsewhere when that takes nothing. `home`: there alone,
 * also while it drains or is paused, until it is gone. `other-worker`: not where it failed, as long as another worker may
 * receive; its agent loses that home.
 */
export type RetryOn = 'any' | 'home' | 'other-worker';

/** What a caller may say about one task. Every option may be left out or undefined. */
export interface EnqueueOptions {
  /** Agent that the task belongs to: tasks of one agent run in order, one at a time, on its home. Defaults to none: any worker. */
  readonly agentId?: string | undefined;
  /**
   * What a worker must carry to run the task, such as `{ gpu: 'a100' }`, at most 32 and 1,000 bytes in all. Until there is one
   * the task waits, as long as its `ttl` allows. A pool has at most 64 different sets in use. Defaults to none.
   */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Where the task comes from: the strategy `intelligent` prefers near workers for an agent without a home. Defaults to nowhere. */
  readonly zone?: string | undefined;
  /** Idempotency id, unique within the agent: repeating a call with it makes no second task. Defaults to a new random one. */
  readonly id?: string | undefined;
  /** Lower runs first among the current tasks of a lane, 0 to 2,097,151; 0 runs before all others. Defaults to 0. */
  readonly priority?: number | undefined;
  /** Wait before the task may start, up to 365 days. Defaults to 0; with debounce to its ttl. */
  readonly delay?: Duration | undefined;
  /** Fails the task when it has not started this long after it was enqueued or due, from 1 ms. Defaults to none. */
  readonly ttl?: Duration | undefined;
  /** Longest attempt, from 1 ms to 24 days: then its signal aborts with `timeout`, and it counts as failed. Defaults to none. */
  readonly timeout?: Duration | undefined;
  /** Most starts of the handler that may fail before the task has failed, 1 to 1,000. Defaults to 1. */
  readonly attempts?: number | undefined;
  /** Wait between attempts; a bare duration is a fixed one. Defaults to none: retried at once. */
  readonly backoff?: Duration | Backoff | undefined;
  /** Where a failed attempt is tried again. Defaults to `any`. */
  readonly retryOn?: RetryOn | undefined;
  /**
   * `strict`: no idle worker takes the task while its agent's home lives. `none`: one may take it at once. `soft`: one may after the
   * pool's patience. Defaults to the pool's affinity.
   */
  readonly affinity?: 'soft' | 'strict' | 'none' | undefined;
  /** How long a soft task waits for its busy home before an idle worker may take it with its agent; 0 for at once. Defaults to the pool's `spillAfter`. */
  readonly spillAfter?: Duration | undefined;
  /** How long a strict task waits for its home at most, counted from when it is its agent's next. Defaults to for ever. */
  readonly affinityTimeout?: Duration | undefined;
  /** Defaults to none: every call makes a task. */
  readonly dedup?: Dedup | undefined;
  /**
   * What is noted of the task, such as `{ tenant: 't-7' }`, kept with it and told with its state: at most 32 texts of 256 characters, names as those of
   * labels. Defaults to nothing.
   */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** How long finished tasks stay readable. Default to 1 h for completed and 7 days for failed tasks, 10,000 of each. */
  readonly keep?: { readonly completed?: Keep | undefined; readonly failed?: Keep | undefined } | undefined;
}
