import { type EnqueueResult, isShuntError, type ShuntErrorCode } from '@shunt/sdk';
import { Counter, Histogram, type Registry } from 'prom-client';

/** Why the API takes no task, by the code of the error; all else is `error`. */
const reasons = {
  INVALID_TASK: 'invalid',
  INVALID_INPUT: 'invalid',
  PAYLOAD_TOO_LARGE: 'too-large',
  CONFLICT: 'conflict',
  POOL_FULL: 'full',
  STORE_UNAVAILABLE: 'store',
  DEADLINE_EXCEEDED: 'deadline',
} as const satisfies Partial<Record<ShuntErrorCode, string>>;

/** Metrics of the tasks that come by this dispatcher's HTTP API. */
export class EnqueueMetrics {
  private readonly rejected;
  private readonly seconds;

  constructor(
    registry: Registry,
    private readonly pool: string,
  ) {
    const registers = [registry];
    this.rejected = new Counter({
      name: 'shunt_tasks_rejected_total',
      help: 'Tasks that the HTTP API of this dispatcher did not take',
      labelNames: ['pool', 'reason'],
      registers,
    });
    this.seconds = new Histogram({
      name: 'shunt_enqueue_seconds',
      help: 'Time until Redis has the tasks of a request to the HTTP API of this dispatcher',
      labelNames: ['pool'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    });
    for (const reason of new Set([...Object.values(reasons), 'error'])) this.rejected.inc({ pool, reason }, 0);
    this.seconds.zero({ pool });
  }

  /** Times a task's way to Redis, and counts it if it is refused. */
  async one<T>(enqueue: () => Promise<T>): Promise<T> {
    const stop = this.seconds.startTimer({ pool: this.pool });
    try {
      return await enqueue();
    } catch (error) {
      this.reject(error);
      throw error;
    } finally {
      stop();
    }
  }

  /** The same for many tasks of one request. */
  async many(enqueue: () => Promise<EnqueueResult[]>): Promise<EnqueueResult[]> {
    const results = await this.one(enqueue);
    for (const result of results) if (!result.ok) this.reject(result.error);
    return results;
  }

  private reject(error: unknown): void {
    const code = isShuntError(error) ? error.code : '';
    const reason = (reasons as Readonly<Record<string, string>>)[code] ?? 'error';
    this.rejected.inc({ pool: this.pool, reason });
  }
}
