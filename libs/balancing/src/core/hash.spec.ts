import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash32 } from './hash.js';

/** Whether each of 64 buckets is within 20 % of its share of 64,000 numbers. */
function isEven(numbers: readonly number[]): boolean {
  const counts = new Array<number>(64).fill(0);
  for (const number of numbers) counts[number >>> 26] = (counts[number >>> 26] ?? 0) + 1;
  return counts.every((count) => Math.abs(count - numbers.length / 64) < numbers.length / 64 / 5);
}
const indices = Array.from({ length: 64_000 }, (_, n) => n);

describe('hash32', () => {
  it('gives an unsigned 32-bit number for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hash = hash32(text);
        expect(Number.isInteger(hash) && hash >= 0 && hash < 2 ** 32).toBe(true);
      }),
    );
  });

  it('gives these numbers on every machine, as homes rest on them', () => {
    expect(['', 'a', 'agent-42', 'ä'].map(hash32)).toEqual([2_872_998_923, 444_641_715, 1_123_589_118, 2_618_739_704]);
  });

  it('spreads ids that differ in their last digits over all buckets', () => {
    expect(isEven(indices.map((n) => hash32(`agent-${n}`)))).toBe(true);
  });
});
