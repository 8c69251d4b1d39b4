import { type FieldProblem, ShuntError } from '@shunt/sdk';

/** The error that lists what is wrong with settings, a line each. */
export function invalidSettings(problems: readonly FieldProblem[]): ShuntError<'INVALID_CONFIG'> {
  const lines = problems.map(({ field, message }) => `  ${field} ${message}`);
  return new ShuntError('INVALID_CONFIG', `Invalid settings:\n${lines.join('\n')}`, { details: problems });
}
