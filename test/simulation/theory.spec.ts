import { seededRandom } from '@shunt/workload';
import { describe, expect, it } from 'vitest';
import type { WorkerSpec } from './engine/model.js';
import type { Policy } from './engine/policy.js';
import { Simulation } from './engine/simulation.js';
import { StateOnOneWorker } from './engine/warm-states.js';
import { EarlyBinding } from './policies/early-binding.js';
import { SharedQueue } from './policies/shared-queue.js';
import type { ServiceShape } from './workload/distributions.js';
import { synthetic } from './workload/synthetic.js';

/** Agents so many that none has two tasks: the agents then play no role, and queueing theory knows the answer. */
const agents = 100_000;

/** Mean wait in service times. */
function meanWait(
  make: () => Policy,
  workers: readonly WorkerSpec[],
  load: number,
  service: ServiceShape,
  tasks: number,
) {
  const arrivals = { kind: 'poisson' } as const;
  const shape = { tasks, agents, zipf: 0, hotSlots: 1, load, coldCost: 0, service, arrivals, hasRamp: false };
  const workload = synthetic(shape, workers, 1);
  const sim = new Simulation({ ...workload, workers, policy: make(), random: seededRandom(1) });
  sim.run();
  const sumMs = sim.tasks.reduce((sum, { startMs, arriveMs }) => sum + startMs - arriveMs, 0);
  return sumMs / tasks / workload.meanServiceMs;
}

/** Mean wait of an M/M/c queue in service times (Erlang C). */
function erlangWait(servers: number, load: number): number {
  const busy = servers * load;
  let term = 1;
  let sum = 1;
  for (let k = 1; k < servers; k++) {
    term *= busy / k;
    sum += term;
  }
  const full = ((term * busy) / servers) * (1 / (1 - load));
  return full / (sum + full) / (servers * (1 - load));
}

const fleet = (count: number, slots: number): WorkerSpec[] =>
  Array.from({ length: count }, () => ({ slots, maxAgents: agents }));
const shared = () => new SharedQueue(new StateOnOneWorker(false), false);

describe('the simulator beside queueing theory', () => {
  it('waits as Erlang C says in a shared queue of 16 slots', () => {
    const ratio = meanWait(shared, fleet(4, 4), 0.85, { kind: 'exponential' }, 60_000) / erlangWait(16, 0.85);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  });

  it('waits as Pollaczek and Khinchine say in one slot with service times of cv 2', () => {
    const expected = (0.6 / 0.4) * ((1 + 2 ** 2) / 2);
    const ratio = meanWait(shared, fleet(1, 1), 0.6, { kind: 'lognormal', cv: 2 }, 150_000) / expected;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.12);
  });

  it('waits as eight separate queues when each task is bound to a worker by chance', () => {
    const byChance = () =>
      new EarlyBinding(
        new StateOnOneWorker(false),
        (_agent, up, sim) => up[Math.floor(sim.random() * up.length)] as never,
      );
    const ratio = meanWait(byChance, fleet(8, 4), 0.7, { kind: 'exponential' }, 60_000) / erlangWait(4, 0.7);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.1);
  });
});
