import { expect, it } from 'vitest';
import { Rates } from './rates.js';

it('tells how fast each counter grew', () => {
  const rates = new Rates(3000);
  expect([rates.note('a', 0, 0), rates.note('b', 5, 0)]).toEqual([0, 0]);
  expect([rates.note('a', 100, 1000), rates.note('b', 5, 1000)]).toEqual([100, 0]);
  expect(rates.note('a', 300, 2000)).toBe(150);
});

it('forgets what is older than its window', () => {
  const rates = new Rates(3000);
  rates.note('a', 0, 0);
  rates.note('a', 1000, 2000);
  expect(rates.note('a', 1100, 4000)).toBe(50);
});

it('begins again when a counter does', () => {
  const rates = new Rates(3000);
  rates.note('a', 1000, 0);
  expect(rates.note('a', 10, 1000)).toBe(0);
  expect(rates.note('a', 30, 2000)).toBe(20);
});
