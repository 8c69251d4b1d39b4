import { type PoolStats, runBoundsMs, type WorkerStats, waitBoundsMs } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { figuresOf, pointOf, rowsOf } from './overview.js';
import type { Sample } from './sample.js';

const none = (bounds: readonly number[]) => [...bounds, 0].map(() => 0);

/** A worker that has ended so many attempts. */
function worker(id: string, completed: number): WorkerStats {
  const load = { completed, failed: 0, responseMs: 123.456 + completed, errorRatio: 0.012 };
  const known = { id, isRoutable: true, isDrained: false, breaker: 'closed', slots: 100, running: 97, waiting: 42 };
  return { ...known, incarnation: 'i', load, zone: 'eu-1', host: 'h', pid: 1, weight: 1 } as unknown as WorkerStats;
}

/** A look at a pool at some second. */
function look(second: number, stats: Partial<PoolStats>, more: Partial<Sample> = {}): Sample {
  const tasks = { intake: 1, yard: 2, lane: 3, mailbox: 4, running: 5, delayed: 6 };
  const totals = { enqueued: 0, completed: 0, failed: 0, finishedFailed: 0, cancelled: 0, warm: 0, cold: 0 };
  const empty = { tasks, workers: [], unserved: 0, bound: {}, runs: {}, waits: none(waitBoundsMs), ...totals };
  const atMs = 1000 * second;
  const seen = { stats: { ...empty, ...stats } as PoolStats, oldest: null, leader: 'd1', alerts: [], entries: [] };
  return { monotonicMs: atMs, atMs, ...seen, ...more };
}

describe('the figures of a look', () => {
  it('are rates over the time since another one', () => {
    const before = look(0, { enqueued: 100, completed: 100, failed: 10, warm: 5, cold: 5 });
    const after = look(10, { enqueued: 200, completed: 195, failed: 15, warm: 8, cold: 6 });
    expect(figuresOf(after, before)).toMatchObject({
      enqueuedPerSecond: 10,
      completedPerSecond: 9.5,
      failedPerSecond: 0.5,
      errorRatio: 0.05,
      warmRatio: 0.75,
    });
  });

  it('tell waits and runs by the bounds of their histograms', () => {
    const waits = none(waitBoundsMs).map((_, i) => (i === 2 ? 99 : i === 5 ? 1 : 0));
    const counts = none(runBoundsMs).map((_, i) => (i === 3 ? 4 : 0));
    const { wait, run } = figuresOf(look(1, { waits, runs: { greet: { counts, sumMs: 300 } } }), look(0, {}));
    expect(wait).toEqual({ p50Ms: 5, p99Ms: 5 });
    expect(run).toEqual({ meanMs: 75, p50Ms: 100, p99Ms: 100 });
  });

  it('have no rate, ratio or time at the first look', () => {
    const first = look(0, { completed: 9, failed: 1 });
    const { completedPerSecond, errorRatio, wait, run, warmRatio } = figuresOf(first, first);
    expect([completedPerSecond, errorRatio, wait, run, warmRatio]).toEqual([0, null, null, null, null]);
  });

  it('tell moves by reason, not where agents stayed', () => {
    const bound = { new: 9, restart: 1, returned: 2, pinned: 3, dead: 4, 'idle-pull': 5 };
    expect(figuresOf(look(1, { bound }), look(0, {})).moves).toEqual({ dead: 4, 'idle-pull': 5 });
  });

  it('make a point of a chart', () => {
    const figures = figuresOf(look(10, { completed: 20 }), look(0, {}));
    expect(pointOf(figures)).toEqual([10, 1, 2, 3, 4, 5, 6, 2, 0, null, null]);
  });
});

describe('the rows of workers', () => {
  it('tell what each one ends a second', () => {
    const [before, after] = [look(0, { workers: [worker('w1', 10)] }), look(10, { workers: [worker('w1', 60)] })];
    expect([...rowsOf(after, before).values()]).toEqual([['w1', 'up', 'closed', 100, 97, 42, 5, 183, 0.01, 'eu-1']]);
  });

  it('tell a dead worker that another one took the place of as replaced', () => {
    const dead = { ...worker('w1', 0), isRoutable: false, incarnation: null } as unknown as WorkerStats;
    const rows = rowsOf(look(10, { workers: [dead, { ...dead, id: 'w2', isReplaced: true }] }), look(0, {}));
    expect([...rows.values()].map(([id, state]) => [id, state])).toEqual([
      ['w1', 'dead'],
      ['w2', 'replaced'],
    ]);
  });

  it('are, of 200 busy workers and with all else, less than 20 kB a second', () => {
    const crew = (completed: number) =>
      Array.from({ length: 200 }, (_, i) => worker(`worker-eu-1-${i}`, completed + i));
    const [before, after] = [look(0, { workers: crew(0) }), look(10, { workers: crew(250) })];
    const now = figuresOf(after, before);
    const tick = { now, point: pointOf(now), workers: [...rowsOf(after, before).values()], gone: [] };
    expect(JSON.stringify(tick).length).toBeLessThan(20_000);
  });
});
