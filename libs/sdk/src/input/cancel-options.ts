import { problemsOf } from '@shunt/input';
import { invalidInput } from '@shunt/lanes';
import { z } from 'zod';
import { orderFields } from './order-options.js';

const reasonMessage = 'must be a text of at most 500 printable characters';

const cancelSchema = z.strictObject({
  by: orderFields.by,
  reason: z
    .string(reasonMessage)
    .regex(/^\P{C}{0,500}$/u, reasonMessage)
    .optional(),
  force: z.boolean('must be true or false').optional(),
});

/** Checks how a task is to be cancelled. @throws ShuntError INVALID_INPUT naming each bad field */
export function assertCancelOptions(options: unknown): void {
  const problems = problemsOf(cancelSchema, options, 'options');
  if (problems.length > 0) throw invalidInput(problems);
}
