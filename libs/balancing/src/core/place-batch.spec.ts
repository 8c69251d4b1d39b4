import { describe, expect, it } from 'vitest';
import { placeFrom } from '../../../../test/conformance/strategy-cases.js';
import { agentTasks, idleWorker, idleWorkers } from '../../../../test/support/workers.js';
import type { Candidate } from './candidate.js';
import type { PlacementTask } from './eligibility.js';
import { placeBatch } from './place-batch.js';
import { leastConnections } from './strategies/least-connections.js';
import { roundRobin } from './strategies/round-robin.js';
import { strategy } from './strategy.js';

describe('placeBatch', () => {
  it('names each placed task with its worker, in the order of the tasks', () => {
    const { placements } = placeFrom(roundRobin, roundRobin.initial(), agentTasks(3), idleWorkers(2));
    expect(placements).toEqual([
      { task: 't0', worker: 'w0' },
      { task: 't1', worker: 'w1' },
      { task: 't2', worker: 'w0' },
    ]);
  });

  it('tells the grounds of each decision, of before its task counts, of a strategy that has any', () => {
    const grounds = (task: PlacementTask, { id, tasks }: Candidate, all: readonly Candidate[]) =>
      `${task.id} to ${id} of ${all.length}, ${tasks} there`;
    const { placements } = placeFrom({ ...roundRobin, grounds }, new Map(), agentTasks(3), idleWorkers(2));
    expect(placements.map((placed) => placed.grounds)).toEqual([
      't0 to w0 of 2, 0 there',
      't1 to w1 of 2, 0 there',
      't2 to w0 of 2, 1 there',
    ]);
  });

  it('counts its own placements: 30 tasks on three workers are 10 each', () => {
    const { placements } = placeFrom(leastConnections, leastConnections.initial(), agentTasks(30), idleWorkers(3));
    for (const { id } of idleWorkers(3)) expect(placements.filter(({ worker }) => worker === id)).toHaveLength(10);
  });

  it('ends when no worker is free', () => {
    const workers = idleWorkers(2, { slots: 2, running: 1 });
    const { placements } = placeFrom(roundRobin, roundRobin.initial(), agentTasks(9), workers);
    expect(placements.map(({ task }) => task)).toEqual(['t0', 't1']);
  });

  it('places on full workers too when tasks are bound early', () => {
    const workers = idleWorkers(2, { slots: 2, running: 2 });
    const tasks = agentTasks(4);
    const { placements } = placeBatch(
      leastConnections,
      leastConnections.initial(),
      tasks,
      workers,
      Math.random,
      'early',
    );
    for (const { id } of workers) expect(placements.filter(({ worker }) => worker === id)).toHaveLength(2);
  });

  it('holds no task up for one whose labelled workers are full', () => {
    const workers = [idleWorker('gpu', { labels: { gpu: 'a100' }, slots: 1, running: 1 }), idleWorker('plain')];
    const tasks = [{ id: 'waits', labels: { gpu: 'a100' } }, { id: 'runs' }];
    const { placements } = placeFrom(roundRobin, roundRobin.initial(), tasks, workers);
    expect(placements).toEqual([{ task: 'runs', worker: 'plain' }]);
  });

  it('sends a labelled task only to workers that carry every label', () => {
    const workers = [
      idleWorker('both', { labels: { gpu: 'a100', region: 'eu' } }),
      idleWorker('gpu', { labels: { gpu: 'a100' } }),
      idleWorker('none'),
    ];
    const tasks = agentTasks(6).map((task) => ({ ...task, labels: { gpu: 'a100', region: 'eu' } }));
    const { placements } = placeFrom(roundRobin, roundRobin.initial(), tasks, workers);
    expect(new Set(placements.map(({ worker }) => worker))).toEqual(new Set(['both']));
  });

  it('sends a task past the workers it avoids, also when only those are free', () => {
    const avoid = new Set(['w0', 'w1']);
    const workers = [idleWorker('w0'), idleWorker('w1'), idleWorker('w2', { slots: 1 })];
    const tasks = [{ id: 'first', avoid }, { id: 'waits', avoid }, { id: 'any' }];
    const { placements } = placeFrom(roundRobin, roundRobin.initial(), tasks, workers);
    expect(placements).toEqual([
      { task: 'first', worker: 'w2' },
      { task: 'any', worker: expect.stringMatching(/^w[01]$/) },
    ]);
  });

  it('sends a task to a worker it avoids when no other may run it', () => {
    const tasks = [{ id: 't', avoid: new Set(['w0', 'gone']), labels: { gpu: 'a100' } }];
    const workers = [idleWorker('w0', { labels: { gpu: 'a100' } }), idleWorker('w1')];
    const { placements } = placeFrom(roundRobin, roundRobin.initial(), tasks, workers);
    expect(placements).toEqual([{ task: 't', worker: 'w0' }]);
  });

  it('forgets workers that are gone and keeps those that only drain', () => {
    const { state } = placeFrom(roundRobin, roundRobin.initial(), agentTasks(3), idleWorkers(3));
    const left = [idleWorker('w0'), idleWorker('w1', { state: 'draining' })];
    const later = placeFrom(roundRobin, state, [], left);
    expect([...later.state.keys()]).toEqual(['w0', 'w1']);
  });

  it('leaves the snapshots and the memory it was given as they are', () => {
    const workers = idleWorkers(2).map((worker) => Object.freeze(worker));
    const { state } = placeFrom(roundRobin, roundRobin.initial(), agentTasks(1), workers);
    const before = new Map(state);
    placeFrom(roundRobin, state, agentTasks(5), workers);
    expect(state).toEqual(before);
  });

  it('copes with a worker that holds more than its slots', () => {
    const workers = [idleWorker('over', { slots: 2, running: 2, waiting: 3 }), idleWorker('free')];
    const { placements } = placeFrom(roundRobin, roundRobin.initial(), agentTasks(2), workers);
    expect(placements.map(({ worker }) => worker)).toEqual(['free', 'free']);
  });

  it('refuses a pick that has no free slot, as a custom strategy may make one', () => {
    const workers = [idleWorker('full', { slots: 1, running: 1 }), idleWorker('free')];
    const careless = strategy('careless', (_task, _free, eligible) => eligible[0] as Candidate);
    expect(() => placeFrom(careless, careless.initial(), agentTasks(1), workers)).toThrow(/careless picked no worker/);
  });
});
