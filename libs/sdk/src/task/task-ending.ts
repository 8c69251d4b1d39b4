import { ShuntError } from '@shunt/lanes';
import { errorOfReason } from './failed-reason.js';

/** How a task ended. */
export type TaskEnding<Result = unknown> =
  | { readonly outcome: 'completed'; readonly value: Result }
  | { readonly outcome: 'failed' | 'cancelled'; readonly reason: string };

/**
 * The value of a task that completed.
 *
 * @throws ShuntError as a task's end is told: TASK_FAILED, INVALID_INPUT, CANCELLED, DEADLINE_EXCEEDED for one that has not ended
 */
export function resultOf<Result>(task: string, ending: TaskEnding<Result> | null): Result {
  if (ending === null) throw new ShuntError('DEADLINE_EXCEEDED', `Task ${task} has not ended yet`);
  if (ending.outcome === 'completed') return ending.value;
  if (ending.outcome === 'cancelled') throw new ShuntError('CANCELLED', `Task ${task} was ${ending.reason}`);
  throw errorOfReason(task, ending.reason);
}
