import { durationProblem, formatDuration, maxDurationMs } from '@shunt/input';
import { isShuntError } from '@shunt/lanes';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from './parse-duration.js';

describe('parseDuration', () => {
  it.each([
    [0, 0],
    [1500, 1500],
    ['0s', 0],
    ['250ms', 250],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h', 3_600_000],
    ['7d', 604_800_000],
    ['1.5h', 5_400_000],
    ['1.1s', 1_100],
    ['365d', maxDurationMs],
    [maxDurationMs, maxDurationMs],
  ])('reads %s as %s ms', (value, spanMs) => {
    expect(parseDuration(value, 'delay')).toBe(spanMs);
  });

  it.each([
    -1,
    1.5,
    Number.NaN,
    Infinity,
    1e18,
    '',
    '30',
    '-5s',
    '+5s',
    '30 s',
    ' 30s',
    '30S',
    '1 year',
    '1w',
    '1e3s',
    'NaNs',
    '.5s',
    '366d',
    '999999999999999d',
    `${'9'.repeat(2 ** 20)}s`,
    '٣s',
    null,
    undefined,
    true,
    [],
    ['5s'],
    {},
    5n,
    new Date(0),
  ])('refuses a bad duration naming the field (%#)', (value) => {
    let thrown: unknown;
    try {
      parseDuration(value, 'backoff.delay');
    } catch (error) {
      thrown = error;
    }
    expect(isShuntError(thrown, 'INVALID_TASK')).toBe(true);
    expect((thrown as Error).message).toMatch(/^Invalid task: backoff\.delay must be /);
    expect((thrown as Error).message.length).toBeLessThan(150);
  });

  it('keeps the bounds that it is given', () => {
    expect(durationProblem('1s', { minMs: 1_000, maxMs: 2_000 })).toBeNull();
    expect(durationProblem('3s', { minMs: 1_000, maxMs: 2_000 })).toBe('must be from 1s to 2s');
    expect(durationProblem(0, { minMs: 1 })).toBe('must be from 1ms to 365d');
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0ms'],
    [999, '999ms'],
    [90_000, '90s'],
    [5_400_000, '90m'],
    [172_800_000, '2d'],
  ])('writes %s as %s', (spanMs, text) => {
    expect(formatDuration(spanMs)).toBe(text);
  });

  it('is read back as the same number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: maxDurationMs }), (spanMs) => {
        expect(parseDuration(formatDuration(spanMs), 'delay')).toBe(spanMs);
      }),
    );
  });
});
