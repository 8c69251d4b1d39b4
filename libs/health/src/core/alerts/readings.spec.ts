import { describe, expect, it } from 'vitest';
import { type holdsMs, usualLimits } from './limits.js';
import { type AlertFacts, readings, type SeenWorker } from './readings.js';

const worker = (id: string, some: Partial<SeenWorker> = {}): SeenWorker => {
  return {
    id,
    isRoutable: true,
    isDead: false,
    isReplaced: false,
    isLeaving: false,
    isBreakerOpen: false,
    slots: 4,
    running: 1,
    waiting: 0,
    ...some,
  };
};
const fine: AlertFacts = {
  attempts: { ended: 100, failed: 0, meanMs: 20, p99Ms: 100 },
  workers: [worker('w1'), worker('w2'), worker('w3')],
  waiting: 0,
  oldestAgeMs: 0,
  fullness: null,
  isPaused: false,
  repairs: 0,
  hasLostData: false,
  deaths: [],
  poisoned: [],
};
type Name = keyof typeof holdsMs;
const read = (name: Name, facts: Partial<AlertFacts>) => readings({ ...fine, ...facts }, usualLimits)[name];
/** Raised, cleared, or between. */
const stateOf = (name: Name, facts: Partial<AlertFacts>) => {
  const { isRaised = null, isCleared = null } = read(name, facts) ?? {};
  return isRaised === null ? 'unknown' : isRaised ? 'raised' : isCleared ? 'cleared' : 'between';
};
const dying = (...minutes: number[]) =>
  minutes.map((minute) => ({ worker: `w-${minute}`, host: 'h', atMs: minute * 60_000 }));
const attempts = (ended: number, failed: number, meanMs = 20, p99Ms = 100) => {
  return { attempts: { ended, failed, meanMs, p99Ms } };
};

describe('the rules of alerts', () => {
  it('find nothing in a pool that is fine, nor in one that has nothing', () => {
    const empty = {
      attempts: null,
      workers: [],
      waiting: 0,
      oldestAgeMs: 0,
      repairs: 0,
      hasLostData: false,
      deaths: [],
      poisoned: [],
      fullness: null,
      isPaused: false,
    };
    for (const facts of [fine, empty]) {
      const found = Object.values(readings(facts, usualLimits));
      expect(found.filter((reading) => reading !== null && !reading.isCleared)).toEqual([]);
    }
  });

  it('never say raised and cleared at once', () => {
    const some = [
      attempts(100, 9),
      { oldestAgeMs: 1e6, repairs: 3, waiting: 2, workers: [worker('w', { isRoutable: false })] },
    ];
    const found = some.flatMap((facts) => Object.values(readings({ ...fine, ...facts }, usualLimits)));
    expect(found.some((reading) => reading?.isRaised && reading.isCleared)).toBe(false);
  });

  it.each<[Name, Partial<AlertFacts>, string]>([
    ['high_error_rate', attempts(100, 6), 'raised'],
    ['high_error_rate', attempts(100, 5), 'between'],
    ['high_error_rate', attempts(100, 4), 'cleared'],
    ['high_error_rate', attempts(19, 19), 'cleared'],
    ['high_error_rate', { attempts: null }, 'unknown'],
    ['slow_response', attempts(100, 0, 1001), 'raised'],
    ['slow_response', attempts(100, 0, 900), 'between'],
    ['slow_response', attempts(100, 0, 800), 'cleared'],
    ['slow_response', attempts(100, 0, 20, Number.POSITIVE_INFINITY), 'raised'],
    ['slow_response', attempts(5, 0, 9000), 'cleared'],
    ['slow_response', { attempts: null }, 'unknown'],
    ['node_down', { workers: [worker('a'), worker('b'), worker('c'), worker('d', { isRoutable: false })] }, 'raised'],
    [
      'node_down',
      { workers: [...'abcd'].map((id) => worker(id)).concat(worker('e', { isRoutable: false })) },
      'between',
    ],
    ['node_down', { workers: [worker('a'), worker('b', { isRoutable: false, isLeaving: true })] }, 'cleared'],
    ['no_workers', { workers: [], waiting: 1 }, 'raised'],
    ['no_workers', { workers: [], waiting: 0 }, 'cleared'],
    ['no_workers', { workers: [worker('a', { isRoutable: false })] }, 'raised'],
    ['no_workers', { workers: [worker('a', { isRoutable: false, isLeaving: true })] }, 'cleared'],
    ['work_is_late', { oldestAgeMs: 60_001 }, 'raised'],
    ['work_is_late', { oldestAgeMs: 50_000 }, 'between'],
    ['work_is_late', { oldestAgeMs: 48_000 }, 'cleared'],
    ['hot_worker', { workers: [worker('a', { running: 4, waiting: 12 }), worker('b', { running: 4 })] }, 'raised'],
    [
      'hot_worker',
      { workers: [worker('a', { running: 4, waiting: 12 }), worker('b', { running: 4, waiting: 12 })] },
      'cleared',
    ],
    ['hot_worker', { workers: [worker('a', { running: 4, waiting: 3 }), worker('b', { running: 0 })] }, 'cleared'],
    ['hot_worker', { workers: [worker('a', { running: 4, waiting: 99 })] }, 'cleared'],
    ['pool_full', { fullness: 'memory' }, 'raised'],
    ['pool_paused', { isPaused: true }, 'raised'],
    ['breakers_open', { workers: [worker('a', { isBreakerOpen: true }), worker('b')] }, 'raised'],
    ['stuck_agent', { repairs: 1 }, 'raised'],
    ['node_down', { workers: [worker('a'), worker('b', { isRoutable: false, isReplaced: true })] }, 'cleared'],
    ['crash_loop', { deaths: dying(1, 2, 3) }, 'raised'],
    ['crash_loop', { deaths: dying(1, 2, 2.5) }, 'between'],
    ['crash_loop', { deaths: dying(1, 1.1, 1.2) }, 'cleared'],
    ['poison', { poisoned: ['a~1'] }, 'raised'],
    ['data_lost', { hasLostData: true }, 'raised'],
  ])('%s: case %#', (name, facts, state) => {
    expect(stateOf(name, facts)).toBe(state);
  });

  it('say in a sentence that nothing is wrong, as it resolves an alert', () => {
    const found = Object.entries(readings(fine, usualLimits)).map(([name, reading]) => [name, reading?.text]);
    expect(Object.fromEntries(found)).toEqual({
      high_error_rate: '0 of 100 attempts of the last minute failed; 5 % may',
      slow_response: 'Attempts of the last minute took 0.02 s on average, 99 % within 0.1 s; 1 s and 30 s are allowed',
      node_down: '3 of 3 workers receive tasks',
      no_workers: 'Workers that receive tasks: 3',
      work_is_late: 'The next task has waited for 0 s; 60 s are allowed',
      hot_worker: 'Worker w1 has 0.3 tasks for each slot, the others 0.3',
      pool_full: 'New tasks are taken',
      pool_paused: 'The queue is not paused',
      breakers_open: 'No breaker is open',
      stuck_agent: 'No agent or lane was stuck within the last 5 minutes',
      crash_loop: 'No worker died within the last 20 minutes',
      poison: 'No task failed as poison within the last 20 minutes',
      data_lost: 'Redis has kept its data for 5 minutes',
    });
    expect(read('no_workers', { workers: [] })?.text).toBe('No worker receives tasks, and none has to');
  });

  it('say in a sentence what they found', () => {
    expect(read('high_error_rate', attempts(200, 30))?.text).toBe(
      '30 of 200 attempts of the last minute failed; 5 % may',
    );
    expect(read('work_is_late', { oldestAgeMs: 61_500 })?.text).toBe(
      'The next task has waited for 61.5 s; 60 s are allowed',
    );
    expect(read('slow_response', attempts(100, 0, 1500, Number.POSITIVE_INFINITY))?.text).toBe(
      'Attempts of the last minute took 1.5 s on average, 1 % longer than all bounds; 1 s and 30 s are allowed',
    );
    expect(read('pool_full', { fullness: 'memory' })?.text).toBe(
      'New tasks are refused: Redis has used three quarters of its memory',
    );
    expect(read('pool_paused', { isPaused: true, waiting: 3 })?.text).toBe(
      'The queue is paused: no worker takes a task; 3 wait',
    );
    const out = [...'abcdefg'].map((id) => worker(id, { isRoutable: false, isBreakerOpen: true }));
    expect(read('breakers_open', { workers: out })?.text).toBe(
      'The breakers of 7 workers are open: a, b, c, d, e and 2 more',
    );
    expect(read('breakers_open', { workers: out.slice(0, 1) })?.text).toBe('The breaker of 1 worker is open: a');
    expect(read('no_workers', { workers: [], waiting: 7 })?.text).toBe('No worker receives tasks; 7 wait');
    expect(read('crash_loop', { deaths: dying(1, 2, 3) })?.text).toBe(
      'Workers of host h died 3 times within the last 20 minutes, in 3 of them: w-1, w-2, w-3',
    );
    expect(read('poison', { poisoned: ['a~1', '~2'] })?.text).toBe(
      'Workers died while they ran these tasks, which failed as poison: a~1, ~2',
    );
    expect(read('data_lost', { hasLostData: true })?.text).toBe(
      'Redis came back without the data of this pool: what was enqueued before is gone',
    );
    expect(read('stuck_agent', { repairs: 2 })?.text).toBe(
      '2 stuck agents or lanes were put right within the last 5 minutes',
    );
    expect(read('node_down', { workers: [worker('a'), worker('b', { isRoutable: false })] })?.text).toBe(
      '1 of 2 workers receive tasks; out: b',
    );
    const died = [worker('a'), worker('b', { isRoutable: false, isDead: true }), worker('c', { isRoutable: false })];
    expect(read('node_down', { workers: died })?.text).toBe('1 of 3 workers receive tasks; dead: b; out: c');
  });
});
