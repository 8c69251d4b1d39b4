import { describe, expect, it } from 'vitest';
import { tripOf } from './trip.js';

const rules = { failureRate: 0.5, slowRate: 0.8, minCalls: 10, minAgents: 3, consecutiveFailures: 0 };
const outcomes = (some: object) => ({ calls: 20, failures: 0, slow: 0, agents: 5, consecutiveFailures: 0, ...some });

describe('tripOf', () => {
  it.each([
    [{}, null],
    [{ failures: 9 }, null],
    [{ failures: 10 }, 'failures'],
    [{ slow: 15 }, null],
    [{ slow: 16 }, 'slow'],
    [{ failures: 10, slow: 20 }, 'failures'],
    [{ failures: 20, agents: 2 }, null],
    [{ failures: 20, agents: 3 }, 'failures'],
    [{ calls: 9, failures: 9 }, null],
    [{ calls: 10, failures: 10 }, 'failures'],
    [{ failures: 9, consecutiveFailures: 9 }, null],
  ] as const)('takes %o for %s', (some, reason) => {
    expect(tripOf(outcomes(some), rules)).toBe(reason);
  });

  it('needs no rate and no volume for failures in a row, where that is a rule', () => {
    const preset = { ...rules, consecutiveFailures: 5, minAgents: 1 };
    expect(tripOf(outcomes({ calls: 4, agents: 1, consecutiveFailures: 4 }), preset)).toBeNull();
    expect(tripOf(outcomes({ calls: 5, agents: 1, consecutiveFailures: 5 }), preset)).toBe('failures');
  });

  it('takes no worker for sick that has done nothing, whatever the rules', () => {
    const strict = { failureRate: 0, slowRate: 0, minCalls: 1, minAgents: 0, consecutiveFailures: 0 };
    expect(tripOf(outcomes({ calls: 0, agents: 0 }), strict)).toBeNull();
  });
});
