import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPlaced, itKeepsTheContract, place, placeFrom } from '../../../../../test/conformance/strategy-cases.js';
import { agentTasks, idleWorker, idleWorkers } from '../../../../../test/support/workers.js';
import { explain } from '../explain.js';
import { intelligent } from './intelligent.js';

const only = (factor: string) =>
  intelligent({ weights: { load: 0, response: 0, errors: 0, distance: 0, [factor]: 1 } });
const zoneDistances = { eu: { us: 90, ap: 160 }, us: { ap: 120 } };

describe('intelligent', () => {
  itKeepsTheContract(intelligent());

  it.each([
    ['load', { running: 5, slots: 10 }, { running: 4, slots: 10 }],
    ['response', { responseMs: 201 }, { responseMs: 200 }],
    ['errors', { errorRatio: 0.2 }, { errorRatio: 0.1 }],
    ['distance', { zone: 'us' }, { zone: 'eu' }],
  ])('prefers the worker whose %s is better, the rest being equal', (_factor, worse, better) => {
    const workers = [idleWorker('worse', worse), idleWorker('better', better)];
    const tasks = [{ id: 't', agent: 'a', zone: 'eu' }];
    expect(place(intelligent({ zoneDistances }), tasks, workers)).toEqual(['better']);
    expect(place(only(_factor), tasks, workers)).toEqual(['better']);
  });

  it('weighs load twice as much as errors: 0.4 and 0.2', () => {
    const loaded = idleWorker('loaded', { slots: 100, running: 49 });
    const failing = (errorRatio: number) => idleWorker('failing', { slots: 100, errorRatio });
    expect(place(intelligent(), agentTasks(1), [loaded, failing(0.97)])).toEqual(['failing']);
    expect(place(intelligent(), agentTasks(1), [loaded, failing(0.99)])).toEqual(['loaded']);
  });

  it('fills workers that differ in nothing else in proportion to slots times weight', () => {
    const workers = [
      idleWorker('plain', { slots: 1000 }),
      idleWorker('wide', { slots: 2000 }),
      idleWorker('heavy', { slots: 1000, weight: 3 }),
    ];
    expect(countPlaced(intelligent(), agentTasks(600), workers)).toEqual({ plain: 100, wide: 200, heavy: 300 });
  });

  it('does not clip the load: of two beyond their weighted capacity the less loaded is better', () => {
    const workers = [
      idleWorker('far', { slots: 100, weight: 0.1, running: 80 }),
      idleWorker('beyond', { slots: 100, weight: 0.1, running: 40 }),
    ];
    expect(place(only('load'), agentTasks(1), workers)).toEqual(['beyond']);
    expect(explain({ id: 't' }, workers).map(({ factors }) => factors[0]?.value)).toEqual([4.1, 8.1]);
  });

  it('keeps the default of a weight that is not given', () => {
    const { factors = [] } = explain({ id: 't' }, idleWorkers(1), { weights: { errors: 5 } })[0] ?? {};
    expect(factors.map(({ weight }) => weight)).toEqual([0.4, 0.3, 5, 0.1]);
  });

  it('sends the first tasks of many dispatchers to different workers', () => {
    const firsts = agentTasks(1000).map((task) => place(intelligent(), [task], idleWorkers(10))[0] ?? '');
    const counts = [...new Set(firsts)].map((id) => firsts.filter((first) => first === id).length);
    expect(counts).toHaveLength(10);
    expect(Math.max(...counts)).toBeLessThanOrEqual(150);
  });

  it('has the factors of the worker that it picked as grounds, in three digits, as the explanation has them', () => {
    const workers = [
      idleWorker('near', { slots: 3, responseMs: 200, errorRatio: 0.123456, zone: 'us' }),
      idleWorker('far', { slots: 3, responseMs: 100, errorRatio: 1, zone: 'ap' }),
    ];
    const task = { id: 't', zone: 'eu' };
    const strategy = intelligent({ zoneDistances });
    const { placements } = placeFrom(strategy, strategy.initial(), [task], workers);
    expect(placements).toEqual([
      {
        ...{ task: 't', worker: 'near' },
        grounds: 'load 0.333 x 0.4 + response 0.571 x 0.3 + errors 0.123 x 0.2 + distance 0.563 x 0.1 = 0.386',
      },
    ]);
    expect(explain(task, workers, { zoneDistances })[0]?.score).toBeCloseTo(0.386, 3);
  });

  it('picks what the explanation has first among the free ones, up to rounding', () => {
    const worker = fc.record({
      slots: fc.integer({ min: 1, max: 5 }),
      running: fc.nat(5),
      weight: fc.constantFrom(0.5, 1, 3),
      responseMs: fc.option(fc.nat(900), { nil: undefined }),
      errorRatio: fc.option(fc.constantFrom(0, 0.3, 1), { nil: undefined }),
      zone: fc.option(fc.constantFrom('eu', 'us', 'ap', 'moon'), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(worker, { maxLength: 8 }), (all) => {
        const workers = all.map((options, n) => idleWorker(`w${n}`, options as never));
        const task = { id: 't', agent: 'a', zone: 'eu' };
        const [picked] = place(intelligent({ zoneDistances }), [task], workers);
        const free = explain(task, workers, { zoneDistances }).filter(({ isFree }) => isFree);
        expect(picked === undefined).toBe(free.length === 0);
        const score = free.find((explained) => explained.worker === picked)?.score ?? 0;
        expect(score).toBeCloseTo(free[0]?.score ?? 0, 9);
      }),
    );
  });
});
