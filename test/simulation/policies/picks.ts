import { Candidate, hash32, type Memory, type Strategy, type WorkerSnapshot } from '@shunt/balancing';
import type { Worker } from '../engine/model.js';
import type { Simulation } from '../engine/simulation.js';
import { snapshotOf } from '../engine/snapshot.js';
import type { Pick } from './early-binding.js';

/** The worker an agent's id hashes to among those that are up, in proportion to their slots (rendezvous hashing). */
export const byHash: Pick = ({ key }, up) =>
  greatest(up, ({ id, slots }) => -slots / Math.log((hash32(`${key} ${id}`) + 0.5) / 2 ** 32));

/** What a strategy is told of a worker other than what is so at this instant. */
export type AsSeen = (worker: Worker, sim: Simulation) => Partial<WorkerSnapshot>;

/**
 * A strategy of the product, asked about all workers that are up, whether they have a free slot or not. Weights default to 1, as a
 * worker's do.
 */
export function byStrategy(strategy: Strategy, asSeen: AsSeen = () => ({})): Pick {
  const memory = new Map<string, number>(strategy.initial() as Memory);
  return (agent, up, sim) => {
    const candidates = up.map((worker) => {
      const snapshot = { ...snapshotOf(worker, sim.nowMs), ...asSeen(worker, sim) };
      return new Candidate(snapshot, memory.get(worker.id) ?? 0);
    });
    const task = { id: `${agent.key}~${agent.tasks[0]?.n}`, agent: agent.key };
    const picked = strategy.pick(task, candidates, candidates, sim.random);
    for (const { id, memory: kept } of candidates) memory.set(id, kept);
    return up[candidates.indexOf(picked)] as Worker;
  };
}

/** Response times with the wait in a lane in them, as a caller would measure them. */
export const withWaits: AsSeen = ({ sojourn }, { nowMs }) => {
  const responseMs = sojourn.at(nowMs);
  return responseMs === undefined ? {} : { responseMs };
};

/** The agent's last worker while it is up and ran a task of it within the session time, else what another pick says. */
export function sticky(sessionMs: number, otherwise: Pick): Pick {
  return (agent, up, sim) => {
    const { home } = agent;
    return home?.isUp && sim.nowMs - agent.lastMs <= sessionMs ? home : otherwise(agent, up, sim);
  };
}

/** As {@link sticky} without an end, but away from a home with more than its slots and 1.25 times its share of the tasks. */
export function spilling(otherwise: Pick): Pick {
  return (agent, up, sim) => {
    const { home } = agent;
    if (!home?.isUp) return otherwise(agent, up, sim);
    const tasks = up.reduce((sum, { outstanding }) => sum + outstanding, 1);
    const bound = Math.max(home.slots, (1.25 * tasks * home.slots) / sim.slots);
    return home.outstanding + 1 <= bound ? home : otherwise(agent, up, sim);
  };
}

/** The least weighted sum of load 0.4 (clipped at full), response time 0.3 and distance 0.1; nobody fails here, so no error rate. */
export const byClippedScore: Pick = (_agent, up) => {
  const slowestMs = Math.max(...up.map(({ responseMs }) => responseMs));
  return greatest(up, ({ index, outstanding, slots, responseMs }) => {
    const distance = (index % 3) / 2;
    return -(0.4 * Math.min(1, outstanding / slots) + (0.3 * responseMs) / slowestMs + 0.1 * distance);
  });
};

function greatest(workers: readonly Worker[], worthOf: (worker: Worker) => number): Worker {
  let best = workers[0] as Worker;
  let bestWorth = Number.NEGATIVE_INFINITY;
  for (const worker of workers) {
    const worth = worthOf(worker);
    if (worth <= bestWorth) continue;
    best = worker;
    bestWorth = worth;
  }
  return best;
}
