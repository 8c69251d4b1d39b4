import { UnrecoverableError } from 'bullmq';
import { describe, expect, it } from 'vitest';
import {
  isTerminal,
  isWrongWorker,
  RetryLater,
  retryDelayOf,
  storable,
  Terminal,
  WrongWorker,
} from './handler-error.js';

describe('storable', () => {
  it('leaves an ordinary error as it is', () => {
    const error = new TypeError('no');
    expect(storable(error)).toBe(error);
  });

  it('cuts a long message and a long stack, and keeps the name', () => {
    const error = storable(new TypeError('x'.repeat(100_000)));
    expect(error.name).toBe('TypeError');
    expect(error.message).toHaveLength(8 * 1024 + 3);
    expect(error.stack?.length).toBe(16 * 1024 + 3);
    const deep = Object.assign(new Error('short'), { stack: 'at x\n'.repeat(100_000) });
    expect(storable(deep).stack?.length).toBe(16 * 1024 + 3);
  });

  it.each([new Terminal('x'.repeat(9000)), new UnrecoverableError('x'.repeat(9000))])(
    'keeps a long error terminal (%#)',
    (error) => {
      expect(isTerminal(storable(error))).toBe(true);
    },
  );

  it('cuts a long text that was thrown', () => {
    expect(storable('x'.repeat(100_000)).message).toHaveLength(8 * 1024 + 3);
  });

  it('survives a proxy that throws at every touch', () => {
    const refuse = () => {
      throw new Error('hunter2');
    };
    const proxy = new Proxy(new Error('x'), { get: refuse, getPrototypeOf: refuse });
    expect(storable(proxy).message).toBe('the handler threw something that could not be read');
  });
});

describe('RetryLater', () => {
  it.each([
    ['30s', 30_000],
    [0, 0],
    [1500, 1500],
  ])('%s waits so many ms', (delay, delayMs) => {
    expect(retryDelayOf(new RetryLater(delay))).toBe(delayMs);
  });

  it('names its delay, unless it is given a reason', () => {
    expect(new RetryLater('90s').message).toBe('the handler asked to be tried again in 90s');
    expect(new RetryLater('90s', 'rate limited').message).toBe('rate limited');
  });

  it.each(['soon', -1, 1.5, Number.NaN, '366d'])('refuses a delay of %s', (delay) => {
    expect(() => new RetryLater(delay)).toThrow('Invalid task: delay must be');
  });

  it('keeps its delay when its message is cut', () => {
    expect(retryDelayOf(storable(new RetryLater(7, 'x'.repeat(100_000))))).toBe(7);
  });

  it('is told by its name, so that a second copy of the package may throw it', () => {
    expect(retryDelayOf(Object.assign(new Error('x'), { name: 'RetryLater', delayMs: 5 }))).toBe(5);
    expect(retryDelayOf(Object.assign(new Error('x'), { name: 'RetryLater', delayMs: 'soon' }))).toBeNull();
    expect(retryDelayOf(new Error('x'))).toBeNull();
  });
});

describe('isWrongWorker', () => {
  it.each([
    [new WrongWorker(), true],
    [storable(new WrongWorker('x'.repeat(9000))), true],
    [Object.assign(new Error('x'), { name: 'WrongWorker' }), true],
    [new Error('x'), false],
    ['WrongWorker', false],
  ])('tells %s', (error, answer) => {
    expect(isWrongWorker(error)).toBe(answer);
  });
});

describe('isTerminal', () => {
  it.each([
    [new Terminal('x'), true],
    [new UnrecoverableError('x'), true],
    [Object.assign(new Error('x'), { name: 'UnrecoverableError' }), true],
    [new Error('x'), false],
    ['Terminal', false],
  ])('tells %s', (error, answer) => {
    expect(isTerminal(error)).toBe(answer);
  });
});
