import { isShuntError, makeTaskId } from '@shunt/lanes';
import type { EnqueueOptions, Shunt } from '@shunt/sdk';
import type { Queue } from 'bullmq';
import type { History } from '../history/writer.js';
import { type Turn, turnName } from './worker-task.js';

/** One task to submit; `n` grows from task to task and names it. */
export interface Submission extends Turn {
  readonly n: number;
  readonly options?: Omit<EnqueueOptions, 'agentId' | 'id'>;
}

/** How a task reaches the pool. */
export type Enqueue = (submission: Submission) => Promise<unknown>;

const sure = ['INVALID_TASK', 'PAYLOAD_TOO_LARGE', 'CONFLICT', 'POOL_FULL', 'STORE_UNAVAILABLE'];
const taskId = ({ agentId, n }: Submission) => makeTaskId(agentId ?? '', `t${n}`);
const turnOf = ({ agentId, costMs, failures }: Submission): Turn => ({ agentId, costMs, failures });

/** Submits through the SDK. */
export function throughSdk(client: Shunt): Enqueue {
  return (submission) =>
    client.enqueue(turnName, turnOf(submission), {
      ...submission.options,
      id: `t${submission.n}`,
      ...(submission.agentId === null ? {} : { agentId: submission.agentId }),
    });
}

/** Submits as a plain BullMQ producer does. */
export function throughQueue(queue: Queue): Enqueue {
  return (submission) => queue.add(turnName, turnOf(submission), { jobId: taskId(submission) });
}

/** Submits one task and writes what became of the call; never throws. */
export async function submit(history: History, enqueue: Enqueue, submission: Submission): Promise<void> {
  const task = taskId(submission);
  const { agentId, n, options } = submission;
  history.write({ e: 'submit', task, agent: agentId, n, ...(options?.delay === undefined ? {} : { delayed: true }) });
  try {
    await enqueue(submission);
    history.write({ e: 'ok', task });
  } catch (error) {
    if (isShuntError(error) && sure.includes(error.code)) history.write({ e: 'fail', task, code: error.code });
    else history.write({ e: 'info', task });
  }
}
