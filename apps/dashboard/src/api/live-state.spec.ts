import { describe, expect, it } from 'vitest';
import { unknown, withAll, withTick } from './live-state.js';
import type { HistoryPoint, LiveAll, LiveTick, Overview, WorkerRow } from './types.js';

const now = {} as Overview;
const row = (id: string, running: number): WorkerRow => [id, 'up', 'closed', 4, running, 0, 0, null, 0, null];
const point = (at: number): HistoryPoint => [at, 0, 0, 0, 0, 0, 0, 0, 0, null, null];
const all = (more: Partial<LiveAll>): LiveAll => ({ now, workers: [], history: [], notable: [], ...more });
const tick = (more: Partial<LiveTick>): LiveTick => {
  return { now, point: null, workers: [], gone: [], notable: [], ...more };
};

describe('what the page knows', () => {
  it('follows workers that come, change and go, sorted as people count', () => {
    let state = withAll(unknown, all({ workers: [row('w10', 1), row('w2', 1)] }));
    expect(state.workers.map(({ id }) => id)).toEqual(['w2', 'w10']);
    state = withTick(state, tick({ workers: [row('w2', 3), row('w1', 0)], gone: ['w10'] }));
    expect(state.workers.map(({ id, running }) => [id, running])).toEqual([
      ['w1', 0],
      ['w2', 3],
    ]);
    expect(withTick(state, tick({})).workers).toBe(state.workers);
  });

  it('keeps half an hour of points, also across a gap in the stream', () => {
    let state = withAll(unknown, all({ history: [point(0), point(1)] }));
    state = withTick(state, tick({ point: point(2) }));
    state = withAll(state, all({ history: [point(2), point(5)] }));
    expect(state.history.map(([at]) => at)).toEqual([0, 1, 2, 5]);
    state = withTick(state, tick({ point: point(1801) }));
    expect(state.history.map(([at]) => at)).toEqual([2, 5, 1801]);
  });

  it('tells what happened newest first', () => {
    const entry = (id: string) => ({ id, fields: { event: 'joined' } });
    const state = withAll(unknown, all({ notable: [entry('1-0'), entry('2-0')] }));
    const later = withTick(state, tick({ notable: [entry('3-0'), entry('4-0')] }));
    expect(later.notable.map(({ id }) => id)).toEqual(['4-0', '3-0', '2-0', '1-0']);
  });
});
