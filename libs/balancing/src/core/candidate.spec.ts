import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idleWorker } from '../../../../test/support/workers.js';
import { Candidate, mix32 } from './candidate.js';
import { hash32 } from './hash.js';

/** Whether each of 64 buckets is within 20 % of its share of 64,000 numbers. */
function isEven(numbers: readonly number[]): boolean {
  const counts = new Array<number>(64).fill(0);
  for (const number of numbers) counts[number >>> 26] = (counts[number >>> 26] ?? 0) + 1;
  return counts.every((count) => Math.abs(count - numbers.length / 64) < numbers.length / 64 / 5);
}
const indices = Array.from({ length: 64_000 }, (_, n) => n);

describe('mix32', () => {
  it('gives an unsigned 32-bit number', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        const mixed = mix32(a, b);
        expect(Number.isInteger(mixed) && mixed >= 0 && mixed < 2 ** 32).toBe(true);
      }),
    );
  });

  it('spreads over all buckets with either hash fixed', () => {
    expect(isEven(indices.map((n) => mix32(hash32(`agent-${n}`), 7)))).toBe(true);
    expect(isEven(indices.map((n) => mix32(7, hash32(`w${n}`))))).toBe(true);
  });

  it('tells its two sides apart', () => {
    expect(mix32(1, 2)).not.toBe(mix32(2, 1));
  });
});

describe('Candidate', () => {
  it('gives the same number for the same seed and id, and others for others', () => {
    const [w0, w1] = ['w0', 'w1'].map((id) => new Candidate(idleWorker(id), 0)) as [Candidate, Candidate];
    expect(w0.mixedWith(7)).toBe(new Candidate(idleWorker('w0', { slots: 1 }), 5).mixedWith(7));
    expect(new Set([w0.mixedWith(7), w0.mixedWith(8), w1.mixedWith(7), w1.mixedWith(8)]).size).toBe(4);
  });

  it('tells its load with one task more, as a share of slots times weight', () => {
    expect(new Candidate(idleWorker('w', { slots: 4, running: 1, waiting: 1 }), 0).nextLoad).toBe(0.75);
    expect(new Candidate(idleWorker('w', { slots: 4, running: 3, weight: 0.5 }), 0).nextLoad).toBe(2);
  });

  it.each([
    [300, 100, 0.75],
    [100, 100, 0.5],
    [0, 100, 0],
    [undefined, 100, 0.5],
    [0, 0, 0.5],
  ])('has a response time of %s against a mean of %s as %s', (responseMs, meanMs, share) => {
    const options = responseMs === undefined ? {} : { responseMs };
    expect(new Candidate(idleWorker('w', options), 0).responseAgainst(meanMs)).toBe(share);
  });
});
