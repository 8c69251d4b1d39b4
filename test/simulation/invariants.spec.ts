import { seededRandom } from '@shunt/workload';
import { describe, expect, it } from 'vitest';
import { scheduleFleetEvent } from './engine/fleet-events.js';
import type { SimTask, WorkerSpec } from './engine/model.js';
import { Simulation } from './engine/simulation.js';
import { ideal, policies } from './policies/catalogue.js';
import type { PolicyEntry } from './policies/entry.js';
import type { ArrivalShape } from './workload/arrivals.js';
import { sessions } from './workload/sessions.js';
import { synthetic } from './workload/synthetic.js';
import type { Workload } from './workload/workload.js';

const workers: readonly WorkerSpec[] = Array.from({ length: 8 }, (_, n) => ({
  slots: 4,
  maxAgents: 60,
  ...(n >= 6 ? { joinAt: 0.5 } : {}),
}));
const arrivals: readonly ArrivalShape[] = [
  { kind: 'poisson' },
  { kind: 'batch', meanTasks: 4 },
  { kind: 'bursts', factor: 2, share: 0.2, meanMs: 3000 },
];
const shape = { tasks: 4000, agents: 500, zipf: 1, hotSlots: 0.3, load: 0.75, coldCost: 1, drift: 10 };
const workloads: Readonly<Record<string, Workload>> = {
  ...Object.fromEntries(
    arrivals.map((kind) => [
      kind.kind,
      synthetic({ ...shape, service: { kind: 'lognormal', cv: 2 }, arrivals: kind }, workers, 11),
    ]),
  ),
  sessions: sessions({ tasks: 4000, load: 0.75, coldCost: 1, cv: 2, meanTurns: 8, meanPauseMs: 1000 }, workers, 11),
};

/** A run in which workers slow down, fail, die and join, and state is lost. */
function run({ make }: PolicyEntry, workload: Workload): Simulation {
  const sim = new Simulation({ ...workload, workers, policy: make(), random: seededRandom(2) });
  scheduleFleetEvent(sim, 40_000, { kind: 'speed', worker: 2, speed: 0.3 });
  scheduleFleetEvent(sim, 50_000, { kind: 'flush' });
  scheduleFleetEvent(sim, 55_000, { kind: 'fail', worker: 1, share: 0.7, afterMs: 10 });
  for (const worker of [6, 7]) scheduleFleetEvent(sim, 60_000, { kind: 'join', worker });
  scheduleFleetEvent(sim, 70_000, { kind: 'die', worker: 0, detectMs: 3000 });
  sim.run();
  return sim;
}

/** The tasks that did not run after they arrived, or before the one before them of their agent had ended. */
function wrongTasks({ tasks }: Simulation): readonly SimTask[] {
  const lastEnd = new Map<number, number>();
  return tasks.filter(({ arriveMs, readyMs, startMs, finishMs, spec }) => {
    const isInTurn = startMs >= (lastEnd.get(spec.agent) ?? 0);
    lastEnd.set(spec.agent, finishMs);
    return !(isInTurn && arriveMs <= readyMs && readyMs <= startMs && startMs <= finishMs);
  });
}

const endsOf = ({ tasks }: Simulation) => Float64Array.from(tasks, ({ finishMs }) => finishMs);

describe.each(Object.keys(workloads))('with %s arrivals', (name) => {
  const workload = workloads[name] as Workload;
  it.each([ideal, ...policies])('$name runs every task, an agent’s in order and one at a time', (entry) => {
    const sim = run(entry, workload);
    expect(wrongTasks(sim)).toEqual([]);
    expect(sim.yard.size + sim.stealable.size).toBe(0);
    const left = sim.workers.map(({ lane, running, outstanding }) => lane.size + running.size + outstanding);
    expect(left).toEqual(workers.map(() => 0));
  });

  it.each([ideal, ...policies])('$name does the same again with the same seed', (entry) => {
    expect(endsOf(run(entry, workload))).toEqual(endsOf(run(entry, workload)));
  });
});
