import { isShuntError, ShuntError } from '@shunt/lanes';

/**
 * What an enqueue throws for a task: one whose outcome is unknown is named, so that it can be looked for, or sent again with its unique part
 * as `id`.
 */
export function ofTask(error: unknown, task: string): unknown {
  if (!isShuntError(error, 'DEADLINE_EXCEEDED')) return error;
  return new ShuntError('DEADLINE_EXCEEDED', error.message, { details: { task }, cause: error.cause });
}
