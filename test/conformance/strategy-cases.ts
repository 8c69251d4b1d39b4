import { type Memory, type PlacementTask, placeBatch, type Strategy, type WorkerSnapshot } from '@shunt/balancing';
import { type Random, seededRandom } from '@shunt/workload';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { agentTasks, idleWorker, idleWorkers } from '../support/workers.js';

/** Tasks that each worker gets, by id, when one batch is placed from the start. */
export function countPlaced(
  strategy: Strategy,
  tasks: readonly PlacementTask[],
  workers: readonly WorkerSnapshot[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const id of place(strategy, tasks, workers)) counts[id] = (counts[id] ?? 0) + 1;
  return counts;
}

/** The workers that the tasks of one batch go to, in order, from the start. */
export function place(
  strategy: Strategy,
  tasks: readonly PlacementTask[],
  workers: readonly WorkerSnapshot[],
): readonly string[] {
  return placeFrom(strategy, strategy.initial(), tasks, workers).placements.map(({ worker }) => worker);
}

/** Places one batch from a memory, by the same chance each time unless told. */
export function placeFrom(
  strategy: Strategy,
  memory: Memory,
  tasks: readonly PlacementTask[],
  workers: readonly WorkerSnapshot[],
  chance: Random = seededRandom(1),
): ReturnType<typeof placeBatch> {
  return placeBatch(strategy, memory, tasks, workers, chance);
}

const anyWorker: fc.Arbitrary<WorkerSnapshot> = fc.record({
  id: fc.string({ minLength: 1, maxLength: 6 }),
  slots: fc.nat(6),
  running: fc.nat(4),
  waiting: fc.nat(2),
  weight: fc.constantFrom(0, 0.5, 1, 2, 5),
  responseMs: fc.constantFrom(0, 3, 5000),
  errorRatio: fc.constantFrom(0, 0.5, 1),
  zone: fc.constantFrom('eu', 'us'),
  labels: fc.constantFrom({}, { gpu: 'a100' }),
  state: fc.constantFrom('up', 'up', 'up', 'draining', 'down'),
});
const anyTask: fc.Arbitrary<PlacementTask> = fc.oneof(
  fc.record({ id: fc.string(), agent: fc.string(), zone: fc.constant('eu') }),
  fc.record({ id: fc.string() }),
  fc.record({ id: fc.string(), labels: fc.constant({ gpu: 'a100' }) }),
);
const anyPool = fc.record({
  tasks: fc.array(anyTask, { maxLength: 12 }),
  workers: fc.uniqueArray(anyWorker, { maxLength: 8, selector: ({ id }) => id }),
});

/** The list that every strategy repeats. */
export function itKeepsTheContract(strategy: Strategy): void {
  it('places nothing where there are no workers', () => {
    expect(place(strategy, agentTasks(3), [])).toEqual([]);
  });

  it('places nothing where no worker is eligible', () => {
    const tasks = agentTasks(3).map((task) => ({ ...task, labels: { gpu: 'a100' } }));
    expect(place(strategy, tasks, idleWorkers(3, { labels: { gpu: 't4' } }))).toEqual([]);
  });

  it('gives a dead worker nothing', () => {
    const workers = [idleWorker('dead', { state: 'down' }), ...idleWorkers(2)];
    expect(Object.keys(countPlaced(strategy, agentTasks(50), workers)).sort()).toEqual(['w0', 'w1']);
  });

  it('gives a worker that was dead and is back its share', () => {
    const dead = [idleWorker('w0', { state: 'down' }), idleWorker('w1')];
    const { state } = placeFrom(strategy, strategy.initial(), agentTasks(10), dead);
    const { placements } = placeFrom(strategy, state, agentTasks(100), idleWorkers(2));
    const back = placements.filter(({ worker }) => worker === 'w0').length;
    expect(back).toBeGreaterThanOrEqual(30);
    expect(back).toBeLessThanOrEqual(70);
  });

  it('places nothing where all workers drain', () => {
    expect(place(strategy, agentTasks(3), idleWorkers(3, { state: 'draining' }))).toEqual([]);
  });

  it('gives a worker of weight zero nothing', () => {
    const workers = [idleWorker('none', { weight: 0 }), idleWorker('w0')];
    expect(countPlaced(strategy, agentTasks(20), workers)).toEqual({ w0: 20 });
  });

  it('gives one worker everything up to its slots', () => {
    expect(place(strategy, agentTasks(5), [idleWorker('w0', { slots: 3, running: 1 })])).toEqual(['w0', 'w0']);
  });

  it('breaks ties the same way in whatever order the workers come', () => {
    const workers = idleWorkers(5);
    const tasks = agentTasks(40);
    expect(place(strategy, tasks, workers.toReversed())).toEqual(place(strategy, tasks, workers));
  });

  it('picks the same again for the same input', () => {
    const { state } = placeFrom(strategy, strategy.initial(), agentTasks(7), idleWorkers(3));
    const again = () => placeFrom(strategy, state, agentTasks(20), idleWorkers(3));
    expect(again()).toEqual(again());
  });

  it('picks the same whether tasks come one by one or together', () => {
    const workers = idleWorkers(4, { slots: 3 });
    const together = placeFrom(strategy, strategy.initial(), agentTasks(9), workers);
    let state = strategy.initial();
    const chance = seededRandom(1);
    const given = new Map<string, number>();
    const single = agentTasks(9).flatMap((task) => {
      const now = workers.map((worker) => ({ ...worker, waiting: given.get(worker.id) ?? 0 }));
      const placed = placeFrom(strategy, state, [task], now, chance);
      state = placed.state;
      for (const { worker } of placed.placements) given.set(worker, (given.get(worker) ?? 0) + 1);
      return placed.placements;
    });
    expect({ placements: single, state }).toEqual(together);
  });

  it('spreads 10,000 agents over 10 equal workers within 30 % of their share', () => {
    const counts = Object.values(countPlaced(strategy, agentTasks(10_000), idleWorkers(10)));
    expect(counts).toHaveLength(10);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(700);
    expect(Math.max(...counts)).toBeLessThanOrEqual(1300);
  });

  it('never fills a worker beyond its slots nor picks one that may not run the task', () => {
    fc.assert(
      fc.property(anyPool, ({ tasks, workers }) => {
        const left = new Map(workers.map((worker) => [worker.id, worker.slots - worker.running - worker.waiting]));
        const asked = tasks.map((task, n) => ({ ...task, id: `${n}${task.id}` }));
        for (const { task, worker } of placeFrom(strategy, strategy.initial(), asked, workers).placements) {
          const { state, weight, labels } = workers.find(({ id }) => id === worker) as WorkerSnapshot;
          const needed = asked.find(({ id }) => id === task)?.labels ?? {};
          expect({ state, isWeighted: weight > 0, labels }).toEqual({
            state: 'up',
            isWeighted: true,
            labels: expect.objectContaining(needed),
          });
          left.set(worker, (left.get(worker) ?? 0) - 1);
          expect(left.get(worker)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('leaves no task without a worker while one that may run it is free', () => {
    fc.assert(
      fc.property(anyPool, ({ tasks, workers }) => {
        const up = workers.map((worker) => ({ ...worker, labels: {} }));
        const plain = tasks.map(({ id }) => ({ id }));
        const free = up
          .filter(({ state, weight }) => state === 'up' && weight > 0)
          .reduce((sum, { slots, running, waiting }) => sum + Math.max(0, slots - running - waiting), 0);
        expect(place(strategy, plain, up)).toHaveLength(Math.min(free, plain.length));
      }),
    );
  });

  it('never depends on the order of the workers', () => {
    const pools = anyPool.chain(({ tasks, workers }) => {
      const shuffled = fc.shuffledSubarray(workers, { minLength: workers.length });
      return shuffled.map((order) => ({ tasks, workers, shuffled: order }));
    });
    fc.assert(
      fc.property(pools, ({ tasks, workers, shuffled }) => {
        expect(place(strategy, tasks, shuffled)).toEqual(place(strategy, tasks, workers));
      }),
    );
  });
}
