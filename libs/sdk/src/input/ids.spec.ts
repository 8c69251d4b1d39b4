import { type FieldProblem, isShuntError, ShuntError } from '@shunt/lanes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ids from './ids.js';

function refusal(check: () => void): { message: string; details: readonly FieldProblem[] } {
  try {
    check();
  } catch (error) {
    if (isShuntError(error, 'INVALID_TASK')) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const checks: Record<string, (value: unknown) => void> = {
  agentId: (value) => ids.assertAgentId(value),
  id: (value) => ids.assertIdempotencyId(value),
  task: (value) => ids.assertTaskName(value),
};
const secret = 'hunter2';
const bad: readonly unknown[] = [
  '',
  42,
  0,
  Number.NaN,
  7n,
  true,
  null,
  undefined,
  {},
  [],
  [secret],
  { toString: () => secret },
  new String(secret),
  Symbol(secret),
  () => secret,
  `${secret}\u0000`,
  `${secret}\n`,
  `${secret}\u007f`,
  `\u0085${secret}`,
  `${secret}\ud800`,
  `\udc00${secret}`,
  secret.repeat(150_000),
  `${'é'.repeat(300)}${secret}`,
];

describe.each(Object.keys(checks))('%s', (field) => {
  it.each(bad)('refuses a bad value, names the field and echoes nothing (%#)', (value) => {
    const error = refusal(() => checks[field]?.(value));
    expect(error.details).toEqual([{ field, message: expect.any(String) }]);
    expect(error.message).toMatch(new RegExp(`^Invalid task: ${field} (?:is required and )?must `));
    expect(JSON.stringify(error.details) + error.message).not.toContain(secret);
    expect(error.message.length).toBeLessThan(160);
  });
});

describe.each(['agentId', 'id', 'task'])('%s', (field) => {
  it.each([
    'meta',
    'wait',
    'active',
    'events',
    '42',
    '__proto__',
    'constructor',
    'a:b',
    '{a}',
    '*',
    '../x',
    'a~b',
    ' a ',
    'né 😀',
  ])('accepts %s, since no text of a user is ever a raw key', (value) =>
    expect(() => checks[field]?.(value)).not.toThrow(),
  );
});

describe('pool', () => {
  it.each(bad)('refuses a bad value and echoes nothing (%#)', (value) => {
    expect(ids.poolNameProblem(value)).toMatch(/^must be 1 to 64 characters/);
  });

  it.each(['agents', 'a', 'A.b_c-9', 'x'.repeat(64)])('accepts %s', (value) => {
    expect(ids.poolNameProblem(value)).toBeNull();
  });

  it.each(['a b', 'a:b', '{a}', 'é', 'a/b', 'x'.repeat(65), 'agents\n'])('refuses %s', (value) => {
    expect(ids.poolNameProblem(value)).toMatch(/^must be 1 to 64/);
  });
});

describe('task name', () => {
  it('has 1 to 128 characters', () => {
    expect(ids.taskNameProblem('x'.repeat(128))).toBeNull();
    expect(ids.taskNameProblem('x'.repeat(129))).toBe('must be 1 to 128 characters');
  });
});

describe('labels', () => {
  it.each([{}, { gpu: 'a100', 'example.com/zone': 'eu-1' }, Object.assign(Object.create(null), { gpu: 'a100' })])(
    'accepts short texts (%#)',
    (value) => expect(() => ids.assertLabels(value)).not.toThrow(),
  );

  it.each([
    [null, 'labels'],
    [[], 'labels'],
    [new Map(), 'labels'],
    ['gpu', 'labels'],
    [Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`l${i}`, 'x'])), 'labels'],
    [{ gpu: 1 }, 'labels.gpu'],
    [{ gpu: '' }, 'labels.gpu'],
    [{ gpu: secret.repeat(10) }, 'labels.gpu'],
    [{ gpu: `${secret}\n` }, 'labels.gpu'],
    [{ gpu: `${secret}\ud800` }, 'labels.gpu'],
    [{ 'a b': secret }, 'labels["a b"]'],
    [{ '': secret }, 'labels[""]'],
    [JSON.parse('{"__proto__": "x"}'), 'labels.__proto__'],
  ])('refuses bad labels and names each (%#)', (value, field) => {
    const error = refusal(() => ids.assertLabels(value));
    expect(error.details.map((problem) => problem.field)).toEqual([field]);
    expect(error.message).not.toContain(secret);
  });

  it('lists every bad label', () => {
    expect(ids.labelsProblems({ a: 1, b: 'ok', c: null })).toHaveLength(2);
  });
});

describe('any value', () => {
  it('is accepted or refused with an INVALID_TASK', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.values(checks)), (value, check) => {
        try {
          check(value);
        } catch (error) {
          expect(error).toBeInstanceOf(ShuntError);
        }
      }),
    );
  });
});
