import { problemsOf } from '@shunt/input';
import { invalidTask } from '@shunt/lanes';
import { z } from 'zod';

const field = z.unknown().optional();
/** The fields themselves are checked as those of `enqueue` are. */
const itemSchema = z.strictObject({ task: field, input: field, options: field });

const advice = { name: 'is not a known field: use task', data: 'is not a known field: use input' };

/** Checks the shape of one item of `enqueueMany`. @throws ShuntError INVALID_TASK naming each unknown field. */
export function assertItem(item: unknown): void {
  const problems = problemsOf(itemSchema, item, 'item', advice);
  if (problems.length > 0) throw invalidTask(problems);
}
