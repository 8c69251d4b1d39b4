import { describe, expect, it } from 'vitest';
import { idleWorker } from '../../../../test/support/workers.js';
import { isEligible } from './eligibility.js';

describe('isEligible', () => {
  const task = { id: 't', labels: { gpu: 'a100' } };

  it('takes a worker that is up and carries the labels, with others besides', () => {
    expect(isEligible(task, idleWorker('w', { labels: { gpu: 'a100', region: 'eu' } }))).toBe(true);
  });

  it('takes any worker for a task that asks for no label', () => {
    expect(isEligible({ id: 't' }, idleWorker('w'))).toBe(true);
    expect(isEligible({ id: 't', labels: {} }, idleWorker('w'))).toBe(true);
  });

  it('takes a worker that is full: it may run the task later', () => {
    expect(isEligible({ id: 't' }, idleWorker('w', { slots: 1, running: 1 }))).toBe(true);
  });

  it.each([
    ['drains', { state: 'draining' }],
    ['is down', { state: 'down' }],
    ['has weight 0', { weight: 0 }],
    ['has a negative weight', { weight: -1 }],
    ['has a weight that is not a number', { weight: Number.NaN }],
    ['has no slots', { slots: 0 }],
  ] as const)('refuses a worker that %s', (_why, options) => {
    expect(isEligible({ id: 't' }, idleWorker('w', options))).toBe(false);
  });

  it.each([
    ['lacks the label', {}],
    ['has another value', { gpu: 't4' }],
  ])('refuses a worker that %s', (_why, labels) => {
    expect(isEligible(task, idleWorker('w', { labels }))).toBe(false);
  });

  it('takes no inherited property for a label', () => {
    const inherited = idleWorker('w', { labels: Object.create({ gpu: 'a100' }) });
    expect(isEligible(task, inherited)).toBe(false);
  });
});
