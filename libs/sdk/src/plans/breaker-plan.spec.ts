import type { BreakerFacts } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { breakerPlan } from './breaker-plan.js';

const facts = (more: Partial<BreakerFacts> = {}): BreakerFacts => {
  return { ordered: 'auto', breaker: 'closed', waiting: 3, running: 1, others: 2, ...more };
};

describe('breakerPlan', () => {
  it.each([
    [
      'open',
      facts(),
      'The worker would get nothing until its breaker is closed or given back to the rules. What waits in its lane, 3 tasks, would go to 2 other workers; what it runs, 1 task, would end there. The breaker is closed now, by the rules.',
    ],
    [
      'open',
      facts({ others: 0, waiting: 1, running: 0, ordered: 'closed' }),
      'The worker would get nothing until its breaker is closed or given back to the rules. What waits in its lane, 1 task, would wait, as no other worker may receive them; what it runs, 0 tasks, would end there. The breaker is closed now, by an order.',
    ],
    [
      'open',
      facts({ ordered: 'open', breaker: 'open' }),
      'That is the order already, and the breaker is open: nothing would change.',
    ],
    [
      'close',
      facts({ breaker: 'half-open' }),
      'The worker would get tasks whatever it does, until its breaker is given back to the rules. The breaker is half-open now, by the rules.',
    ],
    [
      'close',
      facts({ ordered: 'closed' }),
      'That is the order already, and the breaker is closed: nothing would change.',
    ],
    [
      'auto',
      facts({ ordered: 'open', breaker: 'open' }),
      'The rules would decide again. The breaker is open now, by an order.',
    ],
    ['auto', facts(), 'The rules decide already, and the breaker is closed: nothing would change.'],
  ] as const)('of %s for %j', (order, given, plan) => {
    expect(breakerPlan(order, given)).toBe(plan);
  });
});
