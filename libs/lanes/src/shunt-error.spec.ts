import { describe, expect, it } from 'vitest';
import { invalidTask, isShuntError, ShuntError, type ShuntErrorCode, shuntErrorCodes } from './shunt-error.js';

const codes = Object.keys(shuntErrorCodes) as ShuntErrorCode[];

describe('ShuntError', () => {
  it.each(codes)('carries the code %s and its retryability', (code) => {
    const error = new ShuntError(code, 'no');
    expect(error).toMatchObject({ name: 'ShuntError', code, retryable: shuntErrorCodes[code].retryable });
    expect(isShuntError(error, code)).toBe(true);
  });

  it('gives an empty list of fields where the code lists fields, else an empty object', () => {
    expect(new ShuntError('INVALID_CONFIG', 'no').details).toEqual([]);
    expect(new ShuntError('POOL_FULL', 'no').details).toEqual({});
  });

  it('keeps details and cause', () => {
    const cause = new Error('socket');
    const error = new ShuntError('POOL_FULL', 'full', { details: { retryAfterMs: 500 }, cause });
    expect(error.details.retryAfterMs).toBe(500);
    expect(error.cause).toBe(cause);
  });

  it('has no cause property when none is given', () => {
    expect('cause' in new ShuntError('CONFLICT', 'no')).toBe(false);
  });

  it('uses each HTTP status from 400 to 504 and null for what is never a reply', () => {
    const statuses = codes.map((code) => shuntErrorCodes[code].httpStatus);
    expect(statuses.filter((status) => status === null)).toHaveLength(6);
    expect(statuses.every((status) => status === null || (status >= 400 && status <= 504))).toBe(true);
  });
});

describe('isShuntError', () => {
  it('tells codes apart', () => {
    expect(isShuntError(new ShuntError('NOT_FOUND', 'no'), 'CONFLICT')).toBe(false);
  });

  it('recognises an error of another copy of the package by its brand', () => {
    const foreign = Object.assign(new Error('x'), { code: 'CONFLICT', [Symbol.for('shunt.error')]: true });
    expect(isShuntError(foreign, 'CONFLICT')).toBe(true);
  });

  it.each([undefined, null, 'CONFLICT', { code: 'CONFLICT' }, Object.assign(new Error('x'), { code: 'CONFLICT' })])(
    'refuses what only looks alike: %s',
    (value) => expect(isShuntError(value)).toBe(false),
  );
});

describe('ShuntError as JSON', () => {
  it('holds code, message, whether to try again and details, and not its cause', () => {
    const error = new ShuntError('POOL_FULL', 'full', { details: { retryAfterMs: 5 }, cause: new Error('hunter2') });
    const text = '{"code":"POOL_FULL","message":"full","retryable":true,"details":{"retryAfterMs":5}}';
    expect(JSON.stringify(error)).toBe(text);
  });
});

describe('invalidTask', () => {
  it('names every field of a short list', () => {
    const error = invalidTask([
      { field: 'priority', message: 'must be a whole number' },
      { field: 'agentId', message: 'must be a string' },
    ]);
    expect(error.message).toBe('Invalid task: priority must be a whole number; agentId must be a string');
  });

  it('names five fields of a long list and keeps them all in the details', () => {
    const error = invalidTask(Array.from({ length: 9 }, (_, i) => ({ field: `f${i}`, message: 'is bad' })));
    expect(error.message).toMatch(/f4 is bad; and 4 more$/);
    expect(error.details).toHaveLength(9);
  });
});
