import { type Duration, maxTimerMs } from '@shunt/input';
import { type CancelOptions, type CancelOutcome, isShuntError, type RerunOutcome } from '@shunt/lanes';
import type { TaskFollower } from '../client/shunt-client.js';
import { assertCancelOptions } from '../input/cancel-options.js';
import { assertOrderOptions, type OrderOptions } from '../input/order-options.js';
import { parseDuration } from '../input/parse-duration.js';
import { type RetryPlan, refusedRetries } from '../plans/retry-plan.js';
import type { Explanation } from '../task/explain.js';
import { resultOf, type TaskEnding } from '../task/task-ending.js';
import { dataType, isEnding, type TaskEvent } from '../task/task-events.js';
import type { FollowOptions, TaskStatus } from '../task/task-handle.js';
import type { Api, ApiRequest } from './api.js';
import { unlessMissing } from './problem.js';
import { serverEvents } from './server-events.js';

/** Longest wait of one request for a result. */
const maxWaitMs = 30_000;
/** How long the answer to a wait that is over may take. */
const answerMs = 1000;
/** Pause before a stream is asked for again. */
const againMs = 200;

/** One task, by its id, over HTTP. Each call is as that of `TaskHandle`. */
export class HttpTaskHandle<Result = unknown> implements TaskFollower<Result> {
  private readonly path: string;

  constructor(
    private readonly api: Api,
    private readonly timeoutMs: number,
    readonly id: string,
    readonly deduplicated: boolean,
  ) {
    this.path = `/tasks/${encodeURIComponent(id)}`;
  }

  async status(): Promise<TaskStatus> {
    const missing = {
      id: this.id,
      state: 'missing',
      agentId: null,
      attemptsMade: 0,
      enqueuedAt: null,
      startedAt: null,
      finishedAt: null,
      metadata: {},
    };
    const asked = this.api.call<TaskStatus>(this.deadline(), { path: this.path });
    return asked.catch(unlessMissing(missing as TaskStatus));
  }

  async result({ timeout = '60s' }: { timeout?: Duration } = {}): Promise<Result> {
    const waitMs = parseDuration(timeout, 'timeout', { minMs: 1, maxMs: maxTimerMs });
    const ending = await this.ending(performance.now() + waitMs, Math.min(this.timeoutMs, answerMs));
    return resultOf(this.id, ending);
  }

  async ended({ wait = 0 }: { wait?: Duration } = {}): Promise<TaskEnding<Result> | null> {
    const waitMs = parseDuration(wait, 'wait', { maxMs: maxTimerMs });
    return this.ending(performance.now() + waitMs, this.timeoutMs);
  }

  cancel(options: CancelOptions = {}): Promise<CancelOutcome> {
    return this.askCancel({}, options);
  }

  cancelPlan(options: CancelOptions = {}): Promise<CancelOutcome> {
    return this.askCancel({ dryRun: 'true' }, options);
  }

  async retry(options: OrderOptions = {}): Promise<RerunOutcome> {
    assertOrderOptions(options);
    const { reason } = options;
    return (await this.askRetry<Pick<RetryPlan, 'outcome'>>({}, { reason })).outcome;
  }

  retryPlan(): Promise<RetryPlan> {
    return this.askRetry<RetryPlan>({ dryRun: 'true' });
  }

  async explain(): Promise<Explanation> {
    try {
      return await this.api.call<Explanation>(this.deadline(), { path: `${this.path}/explain` });
    } catch (error) {
      if (isShuntError(error, 'NOT_FOUND')) return { state: 'missing', why: error.message, advice: null };
      throw error;
    }
  }

  async *events({ after, signal }: FollowOptions = {}): AsyncGenerator<TaskEvent> {
    for (let last = after; !signal?.aborted; ) {
      const headers = last === undefined ? {} : { 'last-event-id': last };
      const ended = new AbortController();
      const both = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
      try {
        const answer = await this.api.answer(this.deadline(), { path: `${this.path}/events`, headers }, both);
        if (answer.status === 204 || answer.body === null) return;
        for await (const { id, event, data } of serverEvents(answer.body)) {
          last = id;
          const content = JSON.parse(data);
          const told = { id, type: event, ...(event === dataType ? { data: {}, value: content } : { data: content }) };
          yield told;
          if (isEnding(told)) return;
        }
      } catch (error) {
        if (signal?.aborted) return;
        if (isShuntError(error)) throw error;
        // The connection is gone: what follows is asked for on another one.
      } finally {
        ended.abort();
      }
      await this.api.waits.pause(performance.now() + againMs);
    }
  }

  /** Waits until `untilMs`, and then for the answer of the dispatcher. */
  private async ending(untilMs: number, slackMs: number): Promise<TaskEnding<Result> | null> {
    for (;;) {
      const leftMs = Math.max(0, Math.round(untilMs - performance.now()));
      const wait = Math.min(leftMs, maxWaitMs);
      const request = { path: `${this.path}/result`, query: { wait } };
      const told = await this.api.call<TaskEnding<Result> | { outcome: null }>(
        performance.now() + wait + slackMs,
        request,
      );
      if (told.outcome !== null) return told;
      if (performance.now() >= untilMs) return null;
    }
  }

  private async askCancel(query: ApiRequest['query'], options: CancelOptions): Promise<CancelOutcome> {
    assertCancelOptions(options);
    const { by: _, ...body } = options;
    const asked = this.order<{ outcome: CancelOutcome }>('cancel', query, body);
    return (await asked.catch(unlessMissing({ outcome: 'missing' as const }))).outcome;
  }

  /** A task that does not run again is refused, or not there: that is an outcome. */
  private askRetry<Met>(query: ApiRequest['query'], body: object = {}): Promise<Met | RetryPlan> {
    const asked = this.order<Met>('retry', query, body).catch((error) => {
      if (isShuntError(error, 'CONFLICT')) return refusedRetries['not-failed'];
      throw error;
    });
    return asked.catch(unlessMissing(refusedRetries.missing));
  }

  private order<T>(verb: 'cancel' | 'retry', query: ApiRequest['query'] = {}, body: object = {}): Promise<T> {
    return this.api.call<T>(this.deadline(), { method: 'POST', path: `${this.path}/${verb}`, query, body });
  }

  private deadline(): number {
    return performance.now() + this.timeoutMs;
  }
}
