import { describe, expect, it } from 'vitest';
import { crashLoops } from './crash-loops.js';

const died = (worker: string, minute: number, host = 'h1') => ({ worker, host, atMs: minute * 60_000 });

describe('crashLoops', () => {
  it('finds none without deaths', () => {
    expect(crashLoops([])).toEqual([]);
  });

  it('counts the minutes in which workers of a host died, whatever their ids, the worst host first', () => {
    const deaths = [died('a', 1, 'h2'), died('w-1', 1), died('w-2', 2), died('w-2', 3.5)];
    expect(crashLoops(deaths)).toEqual([
      { host: 'h1', deaths: 3, minutes: 3, workers: ['w-1', 'w-2'] },
      { host: 'h2', deaths: 1, minutes: 1, workers: ['a'] },
    ]);
  });

  it('takes what died at once for one blow', () => {
    expect(crashLoops([died('a', 1), died('b', 1.1), died('c', 1.2)])).toMatchObject([{ deaths: 3, minutes: 1 }]);
  });
});
