import { ShuntError } from '@shunt/lanes';

const prefix = 'INVALID_INPUT: ';
const nextProblem = /; (?=input[ .[])/;
/** As `formatPath` writes it. */
const fieldOfProblem = /^input(?:\.[\w$]+|\[(?:\d+|"(?:[^"\\]|\\.)*")\]|\.\.\.)*/;

/** The reason that a task keeps whose input a worker refused. Its code has to be in it: a reason is all that is kept. */
export function toFailedReason({ details }: ShuntError<'INVALID_INPUT'>): string {
  return prefix + details.map(({ field, message }) => `${field} ${message}`).join('; ');
}

/** The error of a task that failed for a reason. */
export function errorOfReason(task: string, reason: string): ShuntError {
  if (!reason.startsWith(prefix)) return new ShuntError('TASK_FAILED', reason, { details: { task } });
  const details = reason
    .slice(prefix.length)
    .split(nextProblem)
    .map((problem) => {
      const [field = 'input'] = fieldOfProblem.exec(problem) ?? [];
      return { field, message: problem.slice(field.length + 1) };
    });
  return new ShuntError('INVALID_INPUT', `Invalid input: ${reason.slice(prefix.length)}`, { details });
}
