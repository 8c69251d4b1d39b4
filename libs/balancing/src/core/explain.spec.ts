import { describe, expect, it } from 'vitest';
import { idleWorker } from '../../../../test/support/workers.js';
import { explain } from './explain.js';

describe('explain', () => {
  it("tells each factor's value, weight and contribution, the best worker first", () => {
    const workers = [
      idleWorker('far', { slots: 4, running: 1, responseMs: 300, errorRatio: 0.5, zone: 'us' }),
      idleWorker('near', { slots: 4, running: 3, responseMs: 100, errorRatio: 0, zone: 'eu' }),
    ];
    const zoneDistances = { eu: { us: 80, ap: 160 } };
    const [near, far] = explain({ id: 't', zone: 'eu' }, workers, { zoneDistances });
    expect(near).toMatchObject({ worker: 'near', isFree: true });
    expect(near?.factors).toEqual([
      { factor: 'load', value: 1, weight: 0.4, contribution: 0.4 },
      { factor: 'response', value: 100 / 300, weight: 0.3, contribution: 0.3 * (100 / 300) },
      { factor: 'errors', value: 0, weight: 0.2, contribution: 0 },
      { factor: 'distance', value: 0, weight: 0.1, contribution: 0 },
    ]);
    expect(far?.factors.map(({ value }) => value)).toEqual([0.5, 0.6, 0.5, 0.5]);
    expect(far?.score).toBeCloseTo(0.2 + 0.18 + 0.1 + 0.05, 12);
  });

  it('tells of full workers that they are, and nothing of those that may not run the task', () => {
    const workers = [
      idleWorker('full', { slots: 1, running: 1 }),
      idleWorker('dead', { state: 'down' }),
      idleWorker('labelled', { labels: { gpu: 'a100' } }),
    ];
    const told = explain({ id: 't', labels: { gpu: 'a100' } }, [...workers, idleWorker('plain')]);
    expect(told.map(({ worker }) => worker)).toEqual(['labelled']);
    expect(explain({ id: 't' }, workers.slice(0, 1))).toMatchObject([{ worker: 'full', isFree: false }]);
  });

  it('takes a worker that nothing is known of for an average one without errors', () => {
    const workers = [idleWorker('known', { responseMs: 70 }), idleWorker('new')];
    const values = explain({ id: 't' }, workers).map(({ factors }) => factors.slice(1).map(({ value }) => value));
    expect(values).toEqual([
      [0.5, 0, 0],
      [0.5, 0, 0],
    ]);
  });

  it('explains nothing where there are no workers', () => {
    expect(explain({ id: 't' }, [])).toEqual([]);
  });
});
