import { describe, expect, it } from 'vitest';
import { scalePlan } from './scale-plan.js';

const status = {
  workers: 3,
  target: 4,
  desired: 4,
  wished: null,
  leaving: 0,
  loadTasks: 0,
  slots: 12,
  oldestAgeMs: 0,
  hasScaler: true,
};
const wished = { ...status, wished: 5, target: 5 };

describe('scalePlan', () => {
  it.each([
    [status, 5, 5, 'Of workers, 2 would be started; 3 receive now, and the advice is 4.'],
    [
      { ...status, hasScaler: false },
      5,
      5,
      /^Of workers, 2 would be started if a scaler ran, and none does; 3 receive/,
    ],
    [status, 1, 1, /^Of workers, 2 would be drained, .*; 3 receive now, and the advice is 4\.$/],
    [status, 3, 3, 'As many workers receive now; the advice is 4.'],
    [wished, 5, 5, 'That is the wish already: nothing would change.'],
    [wished, 'auto', 4, 'The wish for 5 would end; the advice is 4.'],
    [status, 'auto', 4, 'Nobody wishes: nothing would change.'],
  ] as const)('of %j for %s has the target %i', (now, workers, target, would) => {
    const plan = scalePlan(now, workers);
    expect(plan).toMatchObject({ workers: 3, target, wished: workers === 'auto' ? null : workers });
    expect(plan.would).toMatch(would);
  });
});
