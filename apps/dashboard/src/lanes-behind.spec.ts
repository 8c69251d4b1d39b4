import { describe, expect, it } from 'vitest';
import type { LiveWorker } from './api/types.js';
import { lanesBehind } from './lanes-behind.js';

const worker = (id: string, waiting: number, more: Partial<LiveWorker> = {}): LiveWorker => {
  const figures = { slots: 4, running: 4, perSecond: 1, responseMs: 100, errorRatio: 0, zone: null };
  return { id, state: 'up', breaker: 'closed', waiting, ...figures, ...more };
};
const told = (...workers: LiveWorker[]) =>
  lanesBehind(workers).map(({ worker: { id }, clearsInMs }) => [id, clearsInMs]);

describe('the lanes that are behind', () => {
  it('are none while nothing waits in a lane', () => {
    expect(told()).toEqual([]);
    expect(told(worker('w1', 0))).toEqual([]);
  });

  it('come by the time that their workers need, not by their depth', () => {
    const slow = worker('slow', 2, { responseMs: 10_000 });
    expect(told(worker('quick', 40), slow, worker('wide', 40, { slots: 40 }))).toEqual([
      ['slow', 5000],
      ['quick', 1000],
      ['wide', 100],
    ]);
  });

  it('are first those of which nobody can say when they are empty, by depth', () => {
    const odd = [
      worker('new', 1, { responseMs: null }),
      worker('open', 2, { breaker: 'open' }),
      worker('drained', 3, { state: 'drained' }),
      worker('narrow', 4, { slots: 0 }),
    ];
    expect(told(worker('up', 100), ...odd)).toEqual([
      ['narrow', null],
      ['drained', null],
      ['open', null],
      ['new', null],
      ['up', 2500],
    ]);
  });
});
