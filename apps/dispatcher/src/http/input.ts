import { type ObjectSchema, problemsOf } from '@shunt/input';
import { invalidInput } from '@shunt/sdk';

/** Reads what a schema describes. @throws ShuntError INVALID_INPUT naming each bad field; never holds a value */
export function inputOf(schema: ObjectSchema | undefined, value: unknown, root: string): unknown {
  if (schema === undefined) return undefined;
  if (value === undefined) throw invalidInput([{ field: root, message: 'must not be empty' }]);
  const problems = problemsOf(schema, value, root);
  if (problems.length > 0) throw invalidInput(problems);
  return schema.parse(value);
}
