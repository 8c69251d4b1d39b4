import { describe, expect, it } from 'vitest';
import { type Effect, Ledger } from './ledger.js';

const effect = (task: string, fence: number, agent: string | null = 'a'): Effect => {
  return { task, agent, worker: 'w1', fence, attempt: 1 };
};

describe('the effect store', () => {
  it('accepts the effect of a task once', () => {
    const ledger = new Ledger();
    expect([1, 1, 2].map((fence) => ledger.write(effect('x', fence)))).toEqual(['accepted', 'repeated', 'repeated']);
  });

  it('refuses an agent a lower fence than it wrote under, whatever the task', () => {
    const ledger = new Ledger();
    expect(ledger.write(effect('x', 2))).toBe('accepted');
    expect(ledger.write(effect('x', 1))).toBe('stale');
    expect(ledger.write(effect('y', 1))).toBe('stale');
    expect(ledger.write(effect('y', 2))).toBe('accepted');
    expect(ledger.write(effect('z', 1, 'b'))).toBe('accepted');
  });

  it('fences no task without an agent', () => {
    const ledger = new Ledger();
    expect([effect('x', 0, null), effect('y', 0, null)].map((each) => ledger.write(each))).toEqual([
      'accepted',
      'accepted',
    ]);
  });
});
