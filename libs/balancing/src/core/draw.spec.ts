import { describe, expect, it } from 'vitest';
import { idleWorker, idleWorkers } from '../../../../test/support/workers.js';
import { Candidate } from './candidate.js';
import { drawTwo, randomKey } from './draw.js';

const candidates = idleWorkers(12).map((worker) => new Candidate(worker, 0));

describe('drawTwo', () => {
  it('draws two different workers, the same for the same key', () => {
    for (let key = 0; key < 500; key++) {
      const { first, second } = drawTwo(key, candidates, 'weight');
      expect(first).not.toBe(second);
      expect(drawTwo(key, candidates.toReversed(), 'weight')).toEqual({ first, second });
    }
  });

  it('draws every ordered pair about as often: within 40 % of its share of 66,000', () => {
    const counts = new Map<string, number>();
    for (let key = 0; key < 66_000; key++) {
      const { first, second } = drawTwo(key * 40_503, candidates, 'weight');
      const pair = `${first?.id} ${second?.id}`;
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    expect(counts.size).toBe(132);
    for (const count of counts.values()) expect(Math.abs(count / 500 - 1)).toBeLessThan(0.4);
  });

  it('draws nobody who is at the bound, and one where only one is below', () => {
    expect(drawTwo(1, candidates, 'weight', 0)).toEqual({ first: undefined, second: undefined });
    const busy = idleWorkers(3, { running: 6 }).map((worker) => new Candidate(worker, 0));
    const heavy = new Candidate(idleWorker('heavy', { running: 6, weight: 2 }), 0);
    expect(drawTwo(1, [...busy, heavy], 'weight', 4)).toEqual({ first: heavy, second: undefined });
  });

  it.each([
    ['weight', 2 / 3],
    ['capacity', 1 / 3],
  ] as const)('draws by %s: within 3 %% of the share at 10,000 draws', (by, share) => {
    const heavy = new Candidate(idleWorker('heavy', { slots: 10, weight: 2 }), 0);
    const wide = new Candidate(idleWorker('wide', { slots: 40 }), 0);
    let drawn = 0;
    for (let key = 0; key < 10_000; key++) if (drawTwo(key * 40_503, [heavy, wide], by).first === heavy) drawn++;
    expect(Math.abs(drawn / 10_000 / share - 1)).toBeLessThan(0.03);
  });

  it('keeps both draws of a key when a worker that was neither leaves', () => {
    for (let key = 0; key < 200; key++) {
      const drawn = drawTwo(key, candidates, 'weight');
      const left = candidates.filter((worker) => worker === drawn.first || worker === drawn.second || key % 2 === 0);
      expect(drawTwo(key, left, 'weight')).toEqual(drawn);
    }
  });
});

describe('randomKey', () => {
  it('gives whole 32-bit numbers over the whole range of chance', () => {
    expect(randomKey(() => 0)).toBe(0);
    expect(randomKey(() => 1 - 2 ** -32)).toBe(2 ** 32 - 1);
  });
});
