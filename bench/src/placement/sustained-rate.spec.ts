import { describe, expect, it } from 'vitest';
import { sustainedRate } from './sustained-rate.js';

/** A system that holds some rate at most, and for long a little less. */
function systemOf({ holds, confirms = holds }: { holds: number; confirms?: number }) {
  const tried: number[] = [];
  const confirmed: number[] = [];
  return {
    tried,
    confirmed,
    trials: {
      holds: async (rate: number) => {
        tried.push(rate);
        return rate <= holds;
      },
      confirm: async (rate: number) => {
        confirmed.push(rate);
        return rate <= confirms ? rate : null;
      },
    },
  };
}

describe('sustainedRate', () => {
  it.each([400, 900, 1000, 1010, 1500, 3500])('finds 1,000/s from %i/s on, within 3 %%', async (expected) => {
    const { trials } = systemOf({ holds: 1000 });
    const { ratePerSecond, served } = await sustainedRate(expected, trials);
    expect(served).toBe(ratePerSecond);
    expect(ratePerSecond).toBeLessThanOrEqual(1000);
    expect(ratePerSecond).toBeGreaterThan(1000 / 1.03);
  });

  it('needs four rates where the expected one is right', async () => {
    const { trials, tried, confirmed } = systemOf({ holds: 1000 });
    await sustainedRate(1000, trials);
    expect([tried.length, confirmed.length]).toEqual([4, 1]);
  });

  it('goes down in steps of 3 % until one holds for long', async () => {
    const { trials, confirmed } = systemOf({ holds: 1000, confirms: 900 });
    const { ratePerSecond } = await sustainedRate(1000, trials);
    expect(ratePerSecond).toBeLessThanOrEqual(900);
    expect(ratePerSecond).toBeGreaterThan(900 / 1.03);
    expect(confirmed.length).toBeGreaterThan(1);
  });

  it('gives up below a quarter of the expected rate', async () => {
    const { trials, tried } = systemOf({ holds: 100 });
    await expect(sustainedRate(1000, trials)).rejects.toThrow('waits are not bounded at any rate from 250 tasks/s on');
    expect(Math.min(...tried)).toBeGreaterThanOrEqual(250);
    await expect(sustainedRate(1000, systemOf({ holds: 1000, confirms: 0 }).trials)).rejects.toThrow('250 tasks/s');
  });
});
