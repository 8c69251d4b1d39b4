import { describe, expect, it } from 'vitest';
import { stragglersOf } from './pool-stragglers.js';

const pool = (...slowdowns: number[]) => slowdowns.map((slowdown, n) => ({ id: `w${n + 1}`, slowdown }));
const idsOf = (...slowdowns: number[]) => stragglersOf(pool(...slowdowns)).map(({ id }) => id);

describe('the stragglers of a pool', () => {
  it('are those at less than two fifths of their own pace', () => {
    expect(idsOf(1, 2.4, 2.6, 1)).toEqual(['w3']);
  });

  it('are a third of it at most, as more are slow only when the work is', () => {
    expect(idsOf(9, 9, 1, 1, 1, 1)).toEqual(['w1', 'w2']);
    expect(idsOf(9, 9, 9, 1, 1, 1)).toEqual([]);
  });

  it('are one of two, and never the only one there is', () => {
    expect(idsOf(9, 1)).toEqual(['w1']);
    expect(idsOf(9)).toEqual([]);
    expect(idsOf()).toEqual([]);
  });
});
