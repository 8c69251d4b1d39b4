import { invalidInput } from '@shunt/lanes';
import { expect, it } from 'vitest';
import { errorOfReason, toFailedReason } from './failed-reason.js';

it('gives back the fields of a refused input', () => {
  const problems = [
    { field: 'input', message: 'is odd; very odd' },
    { field: 'input.steps[3].when', message: 'must be a date' },
    { field: 'input["two words"]', message: 'is not known' },
  ];
  const error = errorOfReason('a~1', toFailedReason(invalidInput(problems)));
  expect(error).toMatchObject({ code: 'INVALID_INPUT', details: problems });
});

it('is the failure of a task for any other reason', () => {
  expect(errorOfReason('a~1', 'no')).toMatchObject({ code: 'TASK_FAILED', message: 'no', details: { task: 'a~1' } });
});
