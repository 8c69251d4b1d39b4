import { type ObjectSchema, problemsOf } from '@shunt/input';
import { invalidConfig } from '@shunt/lanes';

/** Checks options of a client or worker. @throws ShuntError INVALID_CONFIG naming each bad option, never a value. */
export function assertConfig(schema: ObjectSchema, options: unknown): void {
  const problems = problemsOf(schema, options, 'options');
  if (problems.length > 0) throw invalidConfig(problems);
}
