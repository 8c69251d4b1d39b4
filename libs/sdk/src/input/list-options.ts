import { checked, type ObjectSchema, problemsOf, wholeNumber } from '@shunt/input';
import { invalidInput, listedStates } from '@shunt/lanes';
import { z } from 'zod';
import { idProblem } from './ids.js';

/** Most entries of a page: one page is one answer of Redis. */
const maxPage = 1000;
const cursorMessage = 'must be the cursor of an answer';
const cursor = (form: RegExp) => z.string(cursorMessage).regex(form, cursorMessage).optional();
const id = checked<string>(idProblem).optional();
const limit = wholeNumber(1, maxPage).optional();

const tasks = z.strictObject({
  agentId: id,
  state: z.enum(listedStates, `must be one of ${listedStates.join(', ')}`).optional(),
  worker: id,
  limit,
  cursor: cursor(/^[\w-]{1,4096}$/),
});
const agents = z.strictObject({ worker: id, limit, cursor: cursor(/^\d{1,20}$/) });
const journal = z.strictObject({
  agent: id,
  worker: id,
  isRareOnly: z.boolean('must be true or false').optional(),
  limit,
  before: cursor(/^\d{1,15}-\d{1,9}$/),
});

/** Checks which tasks are to be listed. @throws ShuntError INVALID_INPUT naming each bad field */
export const assertListTasksOptions = (options: unknown): void => check(tasks, options);

/** Checks which agents are to be listed. @throws ShuntError INVALID_INPUT naming each bad field */
export const assertListAgentsOptions = (options: unknown): void => check(agents, options);

/** Checks which entries of the journal are to be told. @throws ShuntError INVALID_INPUT naming each bad field */
export const assertJournalOptions = (options: unknown): void => check(journal, options);

function check(schema: ObjectSchema, options: unknown): void {
  const problems = problemsOf(schema, options, 'options');
  if (problems.length > 0) throw invalidInput(problems);
}
