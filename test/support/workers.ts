import type { WorkerSnapshot } from '@shunt/balancing';

/** An idle worker with weight 1 and more slots than a test fills, unless told otherwise. */
export function idleWorker(id: string, options: Partial<WorkerSnapshot> = {}): WorkerSnapshot {
  return { id, slots: 1_000_000, running: 0, waiting: 0, weight: 1, labels: {}, state: 'up', ...options };
}

/** `count` idle workers `w0`, `w1`, ... */
export function idleWorkers(count: number, options: Partial<WorkerSnapshot> = {}): WorkerSnapshot[] {
  return Array.from({ length: count }, (_, n) => idleWorker(`w${n}`, options));
}

/** `count` tasks `t0`, `t1`, ..., each of an agent of its own. */
export function agentTasks(count: number): { id: string; agent: string }[] {
  return Array.from({ length: count }, (_, n) => ({ id: `t${n}`, agent: `agent-${n}` }));
}
