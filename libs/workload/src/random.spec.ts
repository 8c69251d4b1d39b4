import { describe, expect, it } from 'vitest';
import { seededRandom } from './random.js';

describe('seededRandom', () => {
  it('gives the same numbers for the same seed', () => {
    const [left, right] = [seededRandom(42), seededRandom(42)];
    for (let n = 0; n < 100; n++) expect(left()).toBe(right());
  });

  it('gives other numbers for neighbouring seeds', () => {
    const firsts = new Set(Array.from({ length: 1_000 }, (_, seed) => seededRandom(seed)()));
    expect(firsts.size).toBe(1_000);
  });

  it('fills [0, 1) evenly', () => {
    const random = seededRandom(0);
    const bins = new Array<number>(16).fill(0);
    const draws = 160_000;
    for (let n = 0; n < draws; n++) {
      const bin = Math.floor(random() * bins.length);
      bins[bin] = (bins[bin] ?? Number.NaN) + 1;
    }
    const expected = draws / bins.length;
    const chiSquare = bins.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(37.7);
  });
});
