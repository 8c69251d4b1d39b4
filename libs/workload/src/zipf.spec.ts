import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.js';
import { zipfSampler, zipfShares } from './zipf.js';

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe('zipfShares', () => {
  it('falls with one over the rank', () => {
    const shares = zipfShares({ agents: 4 });
    expect([...shares]).toEqual([12, 6, 4, 3].map((part) => expect.closeTo(part / 25, 12)));
  });

  it('is uniform for the exponent 0', () => {
    expect([...zipfShares({ agents: 5, exponent: 0 })]).toEqual(Array(5).fill(expect.closeTo(0.2, 12)));
  });

  it('gives what the cap cuts off to the others in proportion', () => {
    const shares = zipfShares({ agents: 4, capShare: 0.3 });
    expect([...shares]).toEqual([0.3, 0.3, 0.4 * (4 / 7), 0.4 * (3 / 7)].map((share) => expect.closeTo(share, 12)));
  });

  it('sums to 1, never grows and never exceeds the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_000 }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (agents, exponent, tightness) => {
          const capShare = Math.min(1, 1 / agents + tightness * (1 - 1 / agents) + 1e-12);
          const shares = zipfShares({ agents, exponent, capShare });
          expect(sum(shares)).toBeCloseTo(1, 9);
          expect(Math.max(...shares)).toBeLessThanOrEqual(capShare);
          expect(shares.every((share, rank) => rank === 0 || share <= (shares[rank - 1] ?? 0) + 1e-15)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('takes a cap of exactly 1 / agents', () => {
    for (const agents of [1, 4, 49, 1_000]) {
      expect(sum(zipfShares({ agents, capShare: 1 / agents }))).toBeCloseTo(1, 9);
    }
  });

  it.each([
    { agents: 0 },
    { agents: 1.5 },
    { agents: 2, exponent: -1 },
    { agents: 2, exponent: Number.NaN },
    { agents: 2, capShare: 0 },
    { agents: 2, capShare: 1.1 },
    { agents: 10, capShare: 0.09 },
  ])('refuses %o', (options) => {
    expect(() => zipfShares(options)).toThrow(RangeError);
  });
});

describe('zipfSampler', () => {
  it('draws each rank as often as its share says', () => {
    const options = { agents: 4_096, capShare: 0.05 };
    const draw = zipfSampler(options, seededRandom(1));
    const counts = new Float64Array(options.agents);
    const draws = 200_000;
    for (let n = 0; n < draws; n++) {
      const rank = draw();
      counts[rank] = (counts[rank] ?? 0) + 1;
    }
    const shares = zipfShares(options);
    for (const rank of [0, 1, 2, 3, 10, 100]) {
      const expected = draws * (shares[rank] ?? 0);
      expect(Math.abs((counts[rank] ?? 0) - expected)).toBeLessThan(4 * Math.sqrt(expected));
    }
  });

  it('stays in range at both ends of the randomness', () => {
    expect(zipfSampler({ agents: 7 }, () => 0)()).toBe(0);
    expect(zipfSampler({ agents: 7 }, () => 1 - 2 ** -53)()).toBe(6);
  });

  it('repeats itself for the same seed', () => {
    const drawn = (seed: number): number[] => {
      const draw = zipfSampler({ agents: 100 }, seededRandom(seed));
      return Array.from({ length: 50 }, draw);
    };
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });
});
