import { type Duration, maxTimerMs } from '@shunt/input';
import {
  agentIdOf,
  type CancelOptions,
  type CancelOutcome,
  cancel,
  cancelOutcomeOf,
  isCancelled,
  type Metadata,
  type RerunOutcome,
  readTaskFacts,
  rerun,
  ShuntError,
  stateOf,
  type TaskState,
  taskMetadataIn,
} from '@shunt/lanes';
import type { Store } from '../client/store.js';
import type { StreamFeed } from '../client/stream-feed.js';
import { assertCancelOptions } from '../input/cancel-options.js';
import { assertOrderOptions, namedOrderer, type OrderOptions } from '../input/order-options.js';
import { parseDuration } from '../input/parse-duration.js';
import { type RetryPlan, retryPlan } from '../plans/retry-plan.js';
import { type Ending, parsed } from './ending.js';
import type { Endings } from './endings.js';
import { type Explanation, explain } from './explain.js';
import { resultOf, type TaskEnding } from './task-ending.js';
import { eventsOf, isEnding, type TaskEvent } from './task-events.js';

/** A task's state with its facts. `worker` is that of its lane or slot; of one that has ended, the one that ran it last. */
export interface TaskStatus extends TaskState {
  readonly id: string;
  /** Null for a task of no agent, for a missing one, and for an ended one of a plain BullMQ producer. */
  readonly agentId: string | null;
  /** Attempts that have ended. */
  readonly attemptsMade: number;
  /** When it was enqueued, in ms since 1970; null for a missing task, as are the other times until they happen. */
  readonly enqueuedAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** Why it failed. */
  readonly failedReason?: string;
  /** What its producer noted of it; empty for nothing. */
  readonly metadata: Metadata;
}

/** How a stream is followed. */
export interface FollowOptions {
  /** The id of the last event that is known. */
  readonly after?: string | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** What a handle needs of its client. */
export interface HandleContext {
  readonly store: Store;
  readonly endings: Endings;
  readonly events: StreamFeed;
  readonly timeoutMs: number;
  readonly sessionTtlMs: number;
}

/** How often a wait reads the state besides listening: heals an event stream that was trimmed under it. */
const recheckMs = 2000;

/** One task, by its id. */
export class TaskHandle<Result = unknown> {
  constructor(
    private readonly context: HandleContext,
    /** `<agent key>~<unique part>`; also the BullMQ job id. */
    readonly id: string,
    /** Whether the call met a task that was there already, by its id or deduplication key. */
    readonly deduplicated: boolean,
    private readonly afterEvent: string,
  ) {}

  /** Where the task is now. @throws ShuntError STORE_UNAVAILABLE or DEADLINE_EXCEEDED */
  async status(): Promise<TaskStatus> {
    const { store } = this.context;
    const names = ['atm', 'timestamp', 'processedOn', 'finishedOn', 'failedReason', 'opts', 'pb'] as const;
    const [state, fields, agentId] = await store.call(this.deadline(), async (redis) => {
      const found = await stateOf(redis, store.keys, this.id);
      if (found.state === 'missing') return [found, [], null];
      return Promise.all([found, redis.hmget(store.keys.of(this.id), ...names), agentIdOf(redis, store.keys, this.id)]);
    });
    const [attemptsMade, timestamp, processedOn, finishedOn, failedReason, opts, lastWorker] = fields;
    const hasEnded = state.state === 'completed' || state.state === 'failed';
    return {
      ...state,
      ...(hasEnded && lastWorker ? { worker: lastWorker } : {}),
      id: this.id,
      agentId,
      attemptsMade: Number(attemptsMade ?? 0),
      enqueuedAt: numberOrNull(timestamp),
      startedAt: numberOrNull(processedOn),
      finishedAt: numberOrNull(finishedOn),
      ...(failedReason && state.state === 'failed' ? { failedReason } : {}),
      metadata: taskMetadataIn(opts),
    };
  }

  /**
   * Waits for the task's end and resolves to its result. Listens before it reads the state, so a fast task is not missed.
   *
   * @param options.timeout how long to wait, at most 24 days. Defaults to 60 s
   * @throws ShuntError TASK_FAILED, INVALID_INPUT when the worker's schema refused the input, CANCELLED, NOT_FOUND for a task that is gone, DEADLINE_EXCEEDED while it goes on,
   * STORE_UNAVAILABLE
   */
  async result({ timeout = '60s' }: { timeout?: Duration } = {}): Promise<Result> {
    const deadlineMs = performance.now() + parseDuration(timeout, 'timeout', { minMs: 1, maxMs: maxTimerMs });
    const ending = await this.ending(deadlineMs, deadlineMs);
    return resultOf(this.id, ending) as Result;
  }

  /**
   * Waits for the task's end and resolves to how it ended, null when it has not yet.
   *
   * @param options.wait how long to wait, at most 24 days. Defaults to 0: as it is now
   * @throws ShuntError NOT_FOUND for a task that is gone, STORE_UNAVAILABLE, DEADLINE_EXCEEDED when Redis does not answer
   */
  async ended({ wait = 0 }: { wait?: Duration } = {}): Promise<TaskEnding<Result> | null> {
    const waitMs = parseDuration(wait, 'wait', { maxMs: maxTimerMs });
    return this.ending(performance.now() + waitMs, this.deadline() + waitMs) as Promise<TaskEnding<Result> | null>;
  }

  /**
   * Ends the task if it has not started, else has its worker abort it, which hears of it by its next heartbeat. Resolves to
   * what it met: `cancelled`, `cancelling`, `waiting-children`, `finished` or `missing`. By force a running task ends at once; its agent's
   * next one waits until the handler has ended.
   *
   * @throws ShuntError INVALID_INPUT naming by, reason or force, STORE_UNAVAILABLE, DEADLINE_EXCEEDED
   */
  async cancel(options: CancelOptions = {}): Promise<CancelOutcome> {
    assertCancelOptions(options);
    const { store, sessionTtlMs } = this.context;
    const nonce = crypto.randomUUID();
    return store.call(this.deadline(), (redis) => cancel(redis, store.keys, this.id, sessionTtlMs, nonce, options));
  }

  /** What `cancel` would meet, as things are. Changes nothing. @throws ShuntError as `cancel` */
  async cancelPlan(options: CancelOptions = {}): Promise<CancelOutcome> {
    assertCancelOptions(options);
    const { store } = this.context;
    const { state } = await store.call(this.deadline(), (redis) => stateOf(redis, store.keys, this.id));
    return cancelOutcomeOf(state, options);
  }

  /** Says in a sentence why the task is where it is, and what to try. @throws ShuntError STORE_UNAVAILABLE or DEADLINE_EXCEEDED */
  async explain(): Promise<Explanation> {
    const { store } = this.context;
    return explain(await store.call(this.deadline(), (redis) => readTaskFacts(redis, store.keys, this.id)));
  }

  /**
   * Lets a failed or cancelled task run again, with all its attempts, behind its agent's other tasks. Resolves to what it met: `retried`,
   * `not-failed` or `missing`. @throws ShuntError INVALID_INPUT naming by or reason, STORE_UNAVAILABLE or DEADLINE_EXCEEDED
   */
  async retry(options: OrderOptions = {}): Promise<RerunOutcome> {
    assertOrderOptions(options);
    const { store } = this.context;
    const orderer = namedOrderer(options);
    return store.call(this.deadline(), (redis) => rerun(redis, store.keys, this.id, orderer));
  }

  /** What `retry` would meet and do, as things are. Changes nothing. @throws ShuntError STORE_UNAVAILABLE or DEADLINE_EXCEEDED */
  async retryPlan(): Promise<RetryPlan> {
    const { store } = this.context;
    return retryPlan(await store.call(this.deadline(), (redis) => readTaskFacts(redis, store.keys, this.id)));
  }

  /**
   * Follows the task: yields what happened behind the event `after`, by default from its start as far as the pool's stream holds it,
   * and what happens until it has ended or the signal aborts.
   *
   * @throws ShuntError STORE_UNAVAILABLE, also once the client is closed, DEADLINE_EXCEEDED
   */
  async *events({
    after = '0-0',
    signal = new AbortController().signal,
  }: FollowOptions = {}): AsyncGenerator<TaskEvent> {
    for await (const batch of this.context.events.follow(after, this.context.timeoutMs, signal)) {
      for (const event of eventsOf(this.id, batch)) {
        yield event;
        if (isEnding(event)) return;
      }
    }
  }

  /** What happened to the task behind the event `after` so far, as far as the pool's stream holds it. */
  async pastEvents({ after = '0-0' }: { after?: string | undefined } = {}): Promise<TaskEvent[]> {
    const found: TaskEvent[] = [];
    for (let last: string | undefined = after; last !== undefined; ) {
      const batch = await this.context.events.read(last, this.deadline());
      found.push(...eventsOf(this.id, batch));
      last = batch.at(-1)?.id;
    }
    return found;
  }

  private deadline(): number {
    return performance.now() + this.context.timeoutMs;
  }

  /** Waits until `untilMs`, and for Redis's answers until `deadlineMs`. */
  private async ending(untilMs: number, deadlineMs: number): Promise<TaskEnding | null> {
    const { store, endings } = this.context;
    if (untilMs <= performance.now()) return this.readEnding(deadlineMs).then(asTaskEnding);
    await store.call(deadlineMs, () => endings.follow());
    let stop = () => {};
    const heard = new Promise<Ending>((resolve) => {
      stop = endings.listen(this.id, resolve);
    });
    try {
      for (;;) {
        const known = await this.readEnding(deadlineMs);
        if (known) return asTaskEnding(known);
        const recheckAtMs = performance.now() + recheckMs;
        const ending = await store.waits.until(Math.min(untilMs, recheckAtMs), heard, () => null);
        if (ending) return asTaskEnding(ending);
        if (recheckAtMs >= untilMs) return null;
      }
    } finally {
      stop();
    }
  }

  private async readEnding(deadlineMs: number): Promise<Ending | null> {
    const { store, endings } = this.context;
    const [finishedOn, value, reason, name] = await store.call(deadlineMs, (redis) =>
      redis.hmget(store.keys.of(this.id), 'finishedOn', 'returnvalue', 'failedReason', 'name').catch(unlessNoHash),
    );
    if (finishedOn && value != null) return { outcome: 'completed', value: parsed(value) };
    if (finishedOn) return { outcome: 'failed', reason: reason ?? '' };
    if (name) return null;
    const ending = await store.call(deadlineMs, (redis) => endings.find(redis, this.id, this.afterEvent));
    if (ending) return ending;
    throw new ShuntError(
      'NOT_FOUND',
      'There is no such task: it was removed, kept for a shorter time than this, or never there',
    );
  }
}

/** An id that somebody asks for may name another key of the pool: there is no task of that name. */
function unlessNoHash(error: Error): (string | null)[] {
  if (error.message.startsWith('WRONGTYPE')) return [];
  throw error;
}

function asTaskEnding(ending: Ending | null): TaskEnding | null {
  if (ending?.outcome !== 'failed') return ending;
  return isCancelled(ending.reason) ? { ...ending, outcome: 'cancelled' } : ending;
}

function numberOrNull(text: string | null | undefined): number | null {
  return text == null ? null : Number(text);
}
