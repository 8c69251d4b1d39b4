import type { Worker } from '../engine/model.js';
import type { Simulation } from '../engine/simulation.js';
import type { AsSeen } from './picks.js';

const beatMs = 1000;

/**
 * A worker's tasks as its last heartbeat told them, one a second; those of the workers are spread over it. None before the first, from when
 * on it is asked.
 */
export function byHeartbeats(): AsSeen {
  let told: ReadonlyMap<Worker, number> | null = null;
  return (worker, sim) => {
    told ??= listen(sim);
    return { running: 0, waiting: told.get(worker) ?? 0 };
  };
}

function listen(sim: Simulation): ReadonlyMap<Worker, number> {
  const told = new Map<Worker, number>();
  const beat = (worker: Worker, atMs: number): void =>
    sim.at(atMs, () => {
      if (worker.isAlive) told.set(worker, worker.outstanding);
      if (!sim.isOver) beat(worker, atMs + beatMs);
    });
  for (const worker of sim.workers) beat(worker, sim.nowMs + ((worker.index + 1) / sim.workers.length) * beatMs);
  return told;
}
