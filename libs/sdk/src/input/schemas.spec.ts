import { isShuntError } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkedInput, schemasOf } from './schemas.js';

function refusalOf(call: () => unknown) {
  try {
    call();
  } catch (error) {
    if (isShuntError(error)) return { code: error.code, details: error.details };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('schemasOf', () => {
  it.each([
    [[], 'schemas', 'must be an object with a schema for each task name'],
    [{ plan: {} }, 'schemas.plan', 'must be a schema, such as one of zod'],
    [{ plan: null }, 'schemas.plan', 'must be a schema, such as one of zod'],
    [{ '': z.string() }, 'schemas[""]', 'is no task name: it must be 1 to 128 characters'],
  ])('refuses %j', (value, field, message) => {
    expect(refusalOf(() => schemasOf(value))).toEqual({ code: 'INVALID_CONFIG', details: [{ field, message }] });
  });
});

describe('checkedInput', () => {
  const schemas = schemasOf({
    plan: z.strictObject({ goal: z.string(), steps: z.array(z.object({ n: z.int() })).default([]) }),
    slow: z.string().refine(async () => true),
    other: {
      '~standard': { version: 1, validate: () => ({ issues: [{ message: 'no', path: [{ key: 'a' }, 'b c'] }] }) },
    },
    none: undefined,
  });

  it('is what the schema makes of the input', () => {
    expect(checkedInput(schemas, 'plan', { goal: 'x' })).toEqual({ goal: 'x', steps: [] });
  });

  it('is the input of a task without a schema', () => {
    expect(checkedInput(schemas, 'none', 1)).toBe(1);
    expect(checkedInput(schemas, 'constructor', 1)).toBe(1);
  });

  it('names each bad field', () => {
    expect(refusalOf(() => checkedInput(schemas, 'plan', { goal: 1, steps: [{ n: 1 }, { n: 0.5 }] }))).toEqual({
      code: 'INVALID_INPUT',
      details: [
        { field: 'input.goal', message: expect.stringContaining('expected string') },
        { field: 'input.steps[1].n', message: expect.stringContaining('expected int') },
      ],
    });
    expect(refusalOf(() => checkedInput(schemas, 'other', 1)).details).toEqual([
      { field: 'input.a["b c"]', message: 'no' },
    ]);
  });

  it('refuses a schema that is asynchronous', () => {
    expect(refusalOf(() => checkedInput(schemas, 'slow', 'x')).code).toBe('INVALID_CONFIG');
  });
});
