import { describe, expect, it } from 'vitest';
import { AttemptWindow } from './attempt-window.js';

const at = (atMs: number, completed: number, failed = 0, counts: readonly number[] = [completed, 0, 0], sumMs = 0) => {
  return { atMs, completed, failed, counts, sumMs };
};

describe('AttemptWindow', () => {
  it('knows nothing at the first look, nor when the data was lost', () => {
    const window = new AttemptWindow([10, 100]);
    expect(window.look(at(0, 100))).toBeNull();
    expect(window.look(at(1000, 101))).toMatchObject({ ended: 1 });
    expect(window.look(at(2000, 3))).toBeNull();
    expect(window.look(at(3000, 4))).toMatchObject({ ended: 1 });
  });

  it('counts what ended within the last minute', () => {
    const window = new AttemptWindow([10, 100]);
    for (let second = 0; second <= 120; second++) {
      const seen = window.look(at(second * 1000, second, Math.floor(second / 10)));
      if (second === 120) expect(seen).toMatchObject({ ended: 66, failed: 6 });
    }
  });

  it('tells mean and 99th percentile, the latter as the bound of its bucket', () => {
    const spread = (counts: readonly number[], sumMs: number) => {
      const window = new AttemptWindow([10, 100]);
      window.look(at(0, 5, 0, [5, 0, 0], 50));
      return window.look(at(1000, 105, 0, [5 + (counts[0] ?? 0), counts[1] ?? 0, counts[2] ?? 0], 50 + sumMs));
    };
    expect(spread([100, 0, 0], 500)).toMatchObject({ meanMs: 5, p99Ms: 10 });
    expect(spread([98, 2, 0], 700)).toMatchObject({ meanMs: 7, p99Ms: 100 });
    expect(spread([98, 0, 2], 700)?.p99Ms).toBe(Number.POSITIVE_INFINITY);
    expect(spread([0, 0, 0], 0)).toMatchObject({ meanMs: 0, p99Ms: 0 });
  });
});
