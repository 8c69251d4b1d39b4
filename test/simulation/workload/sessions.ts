import { poissonArrivals, seededRandom } from '@shunt/workload';
import type { TaskSpec, WorkerSpec } from '../engine/model.js';
import { exponential, geometric, lognormal } from './distributions.js';
import { capacityOf, serviceMs, type Workload } from './workload.js';

/** Conversations: every session is a new agent, whose next turn comes a pause after the answer to the one before. */
export interface SessionShape {
  readonly tasks: number;
  readonly load: number;
  readonly coldCost: number;
  /** Coefficient of variation of service times. */
  readonly cv: number;
  readonly meanTurns: number;
  readonly meanPauseMs: number;
}

/** Draws sessions whose load a fleet bears; the first turn of each is cold under any policy. First fifth at half the rate. */
export function sessions(shape: SessionShape, workers: readonly WorkerSpec[], seed: number): Workload {
  const random = seededRandom(seed * 7919 + 5);
  const { load, coldCost, meanTurns } = shape;
  const turnsPerMs = (load * capacityOf(workers)) / (serviceMs * (1 + coldCost / meanTurns));
  const starts = poissonArrivals({ ratePerSecond: (turnsPerMs * 1000) / meanTurns }, random);
  const tasks: TaskSpec[] = [];
  let agent = 0;
  let rampMs = 0;
  for (; tasks.length < shape.tasks; agent++) {
    const startMs = starts.next().value as number;
    if (tasks.length <= shape.tasks / 5) rampMs = startMs;
    const turns = Math.min(shape.tasks - tasks.length, geometric(meanTurns, random));
    for (let turn = 1; turn <= turns; turn++) {
      tasks.push({
        atMs: turn === 1 ? startMs + Math.min(startMs, rampMs) : exponential(shape.meanPauseMs, random),
        agent,
        workMs: serviceMs * lognormal(shape.cv, random),
        coldMs: coldCost * serviceMs,
        hasNextTurn: turn < turns,
      });
    }
  }
  return { tasks, agents: agent, meanServiceMs: serviceMs };
}
