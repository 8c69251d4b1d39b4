import { afterEach, expect, it, vi } from 'vitest';
import { count, duration, moment, percent, plural, rate } from './format.js';

afterEach(() => void vi.unstubAllEnvs());

it('tells figures as people read them', () => {
  expect([0, 999, 1234, 123_456, 2_000_000].map(count)).toEqual(['0', '999', '1,234', '123.5K', '2M']);
  expect([0, 0.25, 9.99, 12.4].map(rate)).toEqual(['0', '0.3', '10.0', '12']);
  expect([null, 2.4, 40, 1400, 59_000, 120_000, 7_200_000].map(duration)).toEqual([
    '-',
    '2.4 ms',
    '40 ms',
    '1.4 s',
    '59 s',
    '2 min',
    '2 h',
  ]);
  expect([null, 0, 0.004, 0.5].map(percent)).toEqual(['-', '0 %', '0.4 %', '50 %']);
  expect([plural(1, 'task'), plural(2, 'task')]).toEqual(['1 task', '2 tasks']);
});

it('tells moments of another day by the day that the reader has', () => {
  vi.stubEnv('TZ', 'America/New_York');
  expect(moment(Date.UTC(2020, 0, 1, 3, 4, 5))).toBe('2019-12-31 22:04:05');
});
