import type { TaskSpec, WorkerSpec } from '../engine/model.js';

/** Mean warm service time S of every synthetic workload. */
export const serviceMs = 250;

/** What arrives in a run. */
export interface Workload {
  /** By arrival; the turns of one session in a row. */
  readonly tasks: readonly TaskSpec[];
  readonly agents: number;
  /** The mean of `workMs`, by which all results are divided. */
  readonly meanServiceMs: number;
}

/** Busy slots of speed 1 that the workers present from the start can serve. */
export function capacityOf(workers: readonly WorkerSpec[]): number {
  return atStart(workers).reduce((sum, { slots, speed = 1 }) => sum + slots * speed, 0);
}

/** Agents whose state the workers present from the start can hold. */
export function roomOf(workers: readonly WorkerSpec[]): number {
  return atStart(workers).reduce((sum, { maxAgents }) => sum + maxAgents, 0);
}

function atStart(workers: readonly WorkerSpec[]): readonly WorkerSpec[] {
  return workers.filter(({ joinAt = 0 }) => joinAt === 0);
}
