import { stripVTControlCharacters } from 'node:util';
import { type PoolStats, waitBoundsMs } from '@shunt/lanes';
import { describe, expect, it } from 'vitest';
import { lostTasks, openTasks, type Sight, waitsOf, warmShare } from './sight.js';
import { nextCommands, summary } from './summary.js';
import { line, page } from './view.js';

const nothing = { counts: [], sumMs: 0 };
const waits = [...waitBoundsMs, 0].map((_, i) => (i === 1 ? 98 : i === 5 ? 2 : 0));
const worker = {
  id: 'w1',
  slots: 4,
  weight: 1,
  host: 'h',
  pid: 1234567,
  isRoutable: true,
  isDrained: false,
  isReplaced: false,
  incarnation: 'life',
  breaker: 'closed' as const,
  leaseUntilMs: 0,
  load: null,
  running: 4,
  waiting: 2,
};
const stats: PoolStats = {
  tasks: { intake: 0, yard: 1, lane: 2, mailbox: 3, running: 4, delayed: 0 },
  workers: [worker, { ...worker, id: 'w2', isRoutable: false, running: 0, waiting: 0 }],
  enqueued: 110,
  turnedAway: { memory: 0, tasks: 0, age: 0 },
  completed: 100,
  failed: 0,
  postponed: 0,
  lost: 0,
  poisoned: 0,
  finishedFailed: 0,
  cancelled: 0,
  breakerTransitions: { closed: 0, open: 0, 'half-open': 0 },
  warm: 30,
  cold: 70,
  alone: 0,
  waits,
  waitsBy: { soft: { counts: waits, sumMs: 0 }, strict: nothing, none: nothing },
  eligible: [],
  eligibleSumMs: 0,
  runs: {},
  movable: 0,
  agents: { busy: 0, idle: 0, paused: 0, held: 0 },
  unserved: 0,
  bound: { new: 60, dead: 5 },
  pull: { patienceMs: 5000, coldCostMs: null, moves: 0, stragglers: 0 },
};
const sight: Sight = {
  stats,
  tally: { rounds: 1, total: 200, enqueued: 110, refused: 1, done: 100, failed: 0, firstDoneMs: 1234 },
  seconds: 10,
  perSecond: 9.6,
  workersPerSecond: [9.6, 0],
};

const sum = (seen: Sight) => stripVTControlCharacters(summary(seen));
const widthOf = (text: string) =>
  Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map(({ length }) => length),
  );

describe('what the demo shows', () => {
  it('counts as open what is to be sent, waits or runs, and as lost what is nowhere', () => {
    expect(openTasks(sight)).toBe(89 + 10);
    expect(lostTasks(sight)).toBe(0);
    expect(lostTasks({ ...sight, tally: { ...sight.tally, done: 97 } })).toBe(3);
  });

  it('tells the warm share of all starts and the waits by their bounds', () => {
    expect(warmShare(stats)).toBe('30.0 %');
    expect(warmShare({ warm: 0, cold: 0 })).toBe('-');
    expect(waitsOf(waits)).toBe('2 / 50 ms');
    expect(waitsOf(waits.map((_, i) => (i === waits.length - 1 ? 1 : 0)))).toBe('>60000 / >60000 ms');
    expect(waitsOf([])).toBe('-');
  });

  it.each([77, 80, 120])('fits a terminal of %i columns', (columns) => {
    const text = stripVTControlCharacters(page(sight, columns));
    expect(widthOf(text)).toBeLessThanOrEqual(columns);
    expect(text).toMatch(/● w1 +1234567 +■■■■ 4\/4 +2 +10 /);
    expect(text).toMatch(/○ w2 /);
  });

  it('is one line on a narrow terminal and where it cannot be redrawn', () => {
    expect(line(sight)).toBe('100/200 done, 10/s, 30.0 % warm, waits 2 / 50 ms');
    expect(page(sight, 60)).toBe(line(sight));
  });

  it('sums up, and names commands that fit 80 columns', () => {
    expect(sum(sight)).toMatch(/lost +0; 10 were under way as it ended\n/);
    expect(sum({ ...sight, tally: { ...sight.tally, done: 110 } })).toMatch(/lost +0\n/);
    expect(sum(sight)).toMatch(/60 found a home, 5 moved/);
    expect(sum(sight)).toMatch(/warm share +30\.0 % of all starts, an agent's first included, which is cold/);
    expect(sum(sight)).toMatch(/first task +done after 1\.2 s/);
    expect(widthOf(nextCommands())).toBeLessThanOrEqual(80);
  });
});
