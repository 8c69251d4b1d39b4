import { describe, expect, it } from 'vitest';
import { leadsUntil, mayJudge } from './trust.js';

describe('mayJudge', () => {
  it('refuses the first round of a dispatcher: it has not watched anybody yet', () => {
    expect(mayJudge(null, 10_000, 5000)).toBe(false);
  });

  it.each([
    [10_000, true],
    [5000, true],
    [4999, false],
    [0, false],
  ])('with its last round begun at %s, it is %s at 10,000 that it may judge within 5,000', (lastRoundAtMs, may) => {
    expect(mayJudge(lastRoundAtMs, 10_000, 5000)).toBe(may);
  });

  it('trusts again after one round in time', () => {
    const rounds = [0, 2000, 60_000, 62_000];
    const trusted = rounds.map((nowMs, n) => mayJudge(rounds[n - 1] ?? null, nowMs, 5000));
    expect(trusted).toEqual([false, true, false, true]);
  });
});

describe('leadsUntil', () => {
  it('ends a tenth of the lease early, from before the renewal was sent', () => {
    expect(leadsUntil(5000, 10_000)).toBe(14_000);
  });
});
