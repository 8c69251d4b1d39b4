import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ScaledWorker, scalePlan } from './plan.js';

const worker = (id: string, some: Partial<ScaledWorker> = {}): ScaledWorker => {
  return { id, isDrained: false, running: 1, waiting: 0, agents: 0, ...some };
};
const four = ['w1', 'w2', 'w3', 'w4'].map((id) => worker(id));
const nothing = { drain: [], undrain: [], victims: [], idle: [] };

describe('a step towards so many workers', () => {
  it('does nothing where there are as many', () => {
    expect(scalePlan(four, [], 4)).toEqual({ ...nothing, processes: 4 });
  });

  it('asks for more processes where there are fewer, also where there are none', () => {
    expect(scalePlan(four, [], 6)).toEqual({ ...nothing, processes: 6 });
    expect(scalePlan([], [], 3)).toEqual({ ...nothing, processes: 3 });
  });

  it('drains before it stops, and stops a victim only when it has nothing left', () => {
    const first = scalePlan(four, [], 2);
    expect(first).toEqual({ ...nothing, drain: ['w4', 'w3'], victims: ['w3', 'w4'], processes: 4 });
    const draining = four.map((one) => (first.drain.includes(one.id) ? { ...one, isDrained: true } : one));
    expect(scalePlan(draining, first.victims, 2)).toEqual({ ...nothing, victims: ['w3', 'w4'], processes: 4 });
    const idle = draining.map((one) => (one.id === 'w3' ? { ...one, running: 0 } : one));
    const third = scalePlan(idle, first.victims, 2);
    expect(third).toEqual({ ...nothing, victims: ['w3', 'w4'], idle: ['w3'], processes: 3 });
    const gone = idle.filter(({ id }) => id !== 'w3');
    expect(scalePlan(gone, third.victims, 2)).toEqual({ ...nothing, victims: ['w4'], processes: 3 });
  });

  it('takes back what was to go when it is needed again, the one with most agents first', () => {
    const workers = [
      worker('w1'),
      worker('w2', { isDrained: true, agents: 9 }),
      worker('w3', { isDrained: true, agents: 1 }),
    ];
    expect(scalePlan(workers, ['w2', 'w3'], 2)).toEqual({
      ...nothing,
      undrain: ['w2'],
      victims: ['w3'],
      processes: 3,
    });
  });

  it('chooses who was drained by hand, then who has fewest agents, then who has least to do', () => {
    const workers = [
      worker('w1', { agents: 5, running: 0 }),
      worker('w2', { agents: 1, running: 4 }),
      worker('w3', { agents: 1, running: 2, waiting: 1 }),
      worker('w4', { agents: 99, isDrained: true }),
    ];
    const order = [3, 2, 1, 0].map((target) => scalePlan(workers, [], target).victims);
    expect(order).toEqual([['w4'], ['w3', 'w4'], ['w2', 'w3', 'w4'], ['w1', 'w2', 'w3', 'w4']]);
    expect(scalePlan(workers, [], 3).drain).toEqual([]);
  });

  it('never stops one that has something to do, nor leaves fewer than are wanted', () => {
    const some = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 20 }).map((n) => `w${n}`),
        isDrained: fc.boolean(),
        running: fc.nat(3),
        waiting: fc.nat(3),
        agents: fc.nat(5),
      }),
      { selector: ({ id }) => id },
    );
    fc.assert(
      fc.property(some, fc.nat(20), fc.subarray(['w1', 'w2', 'w3', 'w4', 'w5']), (workers, target, victims) => {
        const plan = scalePlan(workers, victims, target);
        for (const id of plan.idle)
          expect(workers.find((one) => one.id === id)).toMatchObject({ running: 0, waiting: 0 });
        const staying = workers.filter(({ id }) => !plan.victims.includes(id));
        expect(staying.length).toBe(Math.min(target, workers.length));
        expect(plan.processes).toBeGreaterThanOrEqual(target);
        expect(scalePlan(workers, victims, target)).toEqual(plan);
      }),
    );
  });
});
