import { expect, it } from 'vitest';
import { Orphans } from './orphans.js';

it('a task that is missing twice in a row remains an orphan', () => {
  const orphans = new Orphans();
  const isRunning = (task: string) => task === 'a~1';
  expect(orphans.remain('life', ['a~1', 'b~1'], isRunning)).toBe(false);
  expect(orphans.remain('life', ['a~1', 'b~1'], isRunning)).toBe(true);
});

it('a task whose answer arrived meanwhile is none', () => {
  const orphans = new Orphans();
  expect(orphans.remain('life', ['a~1'], () => false)).toBe(false);
  expect(orphans.remain('life', ['a~1'], () => true)).toBe(false);
  expect(orphans.remain('life', ['a~1'], () => false)).toBe(false);
});

it('another missing task each time is none', () => {
  const orphans = new Orphans();
  expect(orphans.remain('life', ['a~1'], () => false)).toBe(false);
  expect(orphans.remain('life', ['b~1'], () => false)).toBe(false);
});

it('no task in a slot is no orphan', () => {
  const orphans = new Orphans();
  expect([orphans.remain('life', [], () => false), orphans.remain('life', [], () => false)]).toEqual([false, false]);
});

it('a task that two lives miss once each is none: the second has just taken it back', () => {
  const orphans = new Orphans();
  for (const life of ['1', '2', '3']) expect(orphans.remain(life, ['a~1'], () => false)).toBe(false);
  expect(orphans.remain('3', ['a~1'], () => false)).toBe(true);
});
