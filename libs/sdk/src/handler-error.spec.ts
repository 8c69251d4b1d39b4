import { UnrecoverableError } from 'bullmq';
import { describe, expect, it } from 'vitest';
import { isTerminal, storable, Terminal } from './handler-error.js';

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
