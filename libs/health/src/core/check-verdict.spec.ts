import { describe, expect, it } from 'vitest';
import { nextVerdict, unchecked } from './check-verdict.js';

const thresholds = { up: 2, down: 3 };
const after = (checks: string) =>
  [...checks].reduce((verdict, check) => nextVerdict(verdict, check === '+', thresholds), unchecked).isUp;

describe('nextVerdict', () => {
  it.each([
    ['', true],
    ['--', true],
    ['---', false],
    ['--+--', true],
    ['---+', false],
    ['---++', true],
    ['---+-+', false],
    ['---++--', true],
    ['---++---', false],
  ])('after %s has the worker up: %s', (checks, isUp) => {
    expect(after(checks)).toBe(isUp);
  });
});
