import { isShuntError, makeTaskId, queueNameOf } from '@shunt/lanes';
import { connect, type EnqueueOptions, type Shunt } from '@shunt/sdk';
import { Queue } from 'bullmq';
import type { History } from '../history/writer.js';
import type { RunOptions } from './run-options.js';
import { type Turn, turnName } from './worker-task.js';

/** One task to submit; `n` grows from task to task and names it. */
export interface Submission extends Turn {
  readonly n: number;
  readonly options?: Omit<EnqueueOptions, 'agentId' | 'id'>;
  /** Whether a plain BullMQ producer adds it, without options. Defaults to whether the run's workers are plain. */
  readonly isPlain?: boolean;
}

const sure = ['INVALID_TASK', 'PAYLOAD_TOO_LARGE', 'CONFLICT', 'POOL_FULL', 'STORE_UNAVAILABLE'];
const taskId = ({ agentId, n }: Submission) => makeTaskId(agentId ?? '', `t${n}`);
const turnOf = ({ n: _, options: __, isPlain: ___, ...turn }: Submission): Turn => turn;
const ttlOf = ({ options }: Submission) => (options?.ttl === undefined ? {} : { ttlMs: Number(options.ttl) });

/** The producer of a run: submits through the SDK and through plain BullMQ, and writes what became of each call. */
export class Producer {
  /** How many tasks were submitted. */
  submitted = 0;
  private readonly client: Shunt;
  private readonly queue: Queue;
  private readonly isPlain: boolean;

  constructor(
    private readonly history: History,
    pool: string,
    redisUrl: string,
    options: Pick<RunOptions, 'kind'>,
  ) {
    this.isPlain = options.kind === 'plain';
    this.client = connect({ redis: redisUrl, pool, timeout: '30s' });
    this.queue = new Queue(queueNameOf(pool), { prefix: 'shunt', connection: { url: redisUrl } as never });
    this.queue.on('error', () => undefined);
  }

  /** Submits one task and writes what became of the call; never throws. */
  async submit(submission: Submission): Promise<void> {
    this.submitted++;
    const task = taskId(submission);
    const { agentId, n, options } = submission;
    const delayed = options?.delay === undefined ? {} : { delayed: true };
    const elsewhere = options?.retryOn === 'other-worker' ? { isElsewhere: true } : {};
    this.history.write({ e: 'submit', task, agent: agentId, n, ...delayed, ...ttlOf(submission), ...elsewhere });
    try {
      await this.enqueue(submission);
      this.history.write({ e: 'ok', task });
    } catch (error) {
      if (isShuntError(error) && sure.includes(error.code)) this.history.write({ e: 'fail', task, code: error.code });
      else this.history.write({ e: 'info', task });
    }
  }

  /** Has a task cancelled; a call that fails cancels nothing, or did and says so in the task's end. */
  async cancel(submission: Submission): Promise<void> {
    await this.client
      .task(taskId(submission))
      .cancel()
      .catch(() => undefined);
  }

  /** Submits no more. */
  async close(): Promise<void> {
    this.client.close();
    await this.queue.close();
  }

  private async enqueue(submission: Submission): Promise<void> {
    const { agentId, n, options, isPlain = this.isPlain } = submission;
    if (isPlain) {
      await this.queue.add(turnName, turnOf(submission), { jobId: taskId(submission) });
      return;
    }
    const agent = agentId === null ? {} : { agentId };
    await this.client.enqueue(turnName, turnOf(submission), { ...options, id: `t${n}`, ...agent });
  }
}
