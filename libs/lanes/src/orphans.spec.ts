import { expect, it } from 'vitest';
import { Orphans } from './orphans.js';

it('a task that is missing twice in a row remains an orphan', () => {
  const orphans = new Orphans();
  const isRunning = (task: string) => task === 'a~1';
  expect(orphans.remain(['a~1', 'b~1'], isRunning)).toBe(false);
  expect(orphans.remain(['a~1', 'b~1'], isRunning)).toBe(true);
});

it('a task whose answer arrived meanwhile is none', () => {
  const orphans = new Orphans();
  expect(orphans.remain(['a~1'], () => false)).toBe(false);
  expect(orphans.remain(['a~1'], () => true)).toBe(false);
  expect(orphans.remain(['a~1'], () => false)).toBe(false);
});

it('another missing task each time is none', () => {
  const orphans = new Orphans();
  expect(orphans.remain(['a~1'], () => false)).toBe(false);
  expect(orphans.remain(['b~1'], () => false)).toBe(false);
});

it('no task in a slot is no orphan', () => {
  const orphans = new Orphans();
  expect([orphans.remain([], () => false), orphans.remain([], () => false)]).toEqual([false, false]);
});
