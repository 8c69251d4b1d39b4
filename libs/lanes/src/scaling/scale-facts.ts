import type { ScaleFacts } from '@shunt/health';
import type { PoolSight } from '../pool/pool-sight.js';
import type { PoolStats } from '../pool/pool-stats.js';

/** Slots of a worker where there is none to ask: the default of a worker. */
const usualSlots = 4;

/** Tasks that run, or wait and could run on any worker: what insists on one is not among them, nor what waits behind its agent's current task. */
export function loadTasks({ tasks, movable }: Pick<PoolStats, 'tasks' | 'movable'>): number {
  return tasks.running + tasks.intake + tasks.yard + movable;
}

/** What the advice is made of. */
export function scaleFacts({ stats, oldestAgeMs }: Pick<PoolSight, 'stats' | 'oldestAgeMs'>): ScaleFacts {
  const up = stats.workers.filter(({ isRoutable }) => isRoutable);
  const asked = up.length > 0 ? up : stats.workers;
  const limits = asked.flatMap(({ maxAgents }) => (maxAgents === undefined ? [] : [maxAgents]));
  return {
    workers: up.length,
    loadTasks: loadTasks(stats),
    slots: asked.length === 0 ? usualSlots : mean(asked.map(({ slots }) => slots)),
    agents: stats.agents.held,
    maxAgents: limits.length === 0 ? null : mean(limits),
    oldestAgeMs,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
