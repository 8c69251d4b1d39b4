/** What a pool has to do and to do it with. */
export interface ScaleFacts {
  /** Workers that receive. */
  readonly workers: number;
  /** Tasks that run, or wait and could run anywhere: not those that insist on one worker, nor those behind their agent's current task. */
  readonly loadTasks: number;
  /** Mean slots of a worker. */
  readonly slots: number;
  /** Agents whose states workers hold. */
  readonly agents: number;
  /** States a worker can hold on average, null for no limit. */
  readonly maxAgents: number | null;
  /** How long the next task has waited, in ms. */
  readonly oldestAgeMs: number;
}

/** Within what a pool is scaled. */
export interface ScaleLimits {
  readonly min: number;
  readonly max: number;
  /** Share of the slots, and of the states a worker can hold, that is to be in use. */
  readonly utilization: number;
  /** Time between two steps down, and after a step up, in ms. */
  readonly coolDownMs: number;
  /** From when on work is late, so that a quarter more workers are wanted, in ms. */
  readonly lateAfterMs: number;
}

/** What holds unless the pool is told otherwise. */
export const usualScale: ScaleLimits = {
  min: 1,
  max: 100,
  utilization: 0.8,
  coolDownMs: 60_000,
  lateAfterMs: 30_000,
};

/** How many workers a pool should have. */
export interface Advice {
  readonly desired: number;
  /** When it changed last, in ms since 1970. */
  readonly changedAtMs: number;
}

/** Share of workers that late work asks for on top. */
const boost = 0.25;

/** How many workers would do, whatever was advised before. */
export function workersFor(facts: ScaleFacts, limits: ScaleLimits): number {
  const { workers, loadTasks, slots, agents, maxAgents, oldestAgeMs } = facts;
  const { min, max, utilization, lateAfterMs } = limits;
  const byLoad = Math.ceil(loadTasks / (Math.max(1, slots) * utilization));
  const byAgents = maxAgents === null ? 0 : Math.ceil(agents / (Math.max(1, maxAgents) * utilization));
  // Work that is late although slots are free waits for something else than workers.
  const isShort = oldestAgeMs > lateAfterMs && loadTasks > workers * slots;
  const byLatency = isShort ? workers + Math.ceil(workers * boost) : 0;
  return Math.min(max, Math.max(min, byLoad, byAgents, byLatency));
}

/** The next advice: up at once, down by one for each cool-down. The first one goes by what there is. */
export function nextAdvice(before: Advice | null, facts: ScaleFacts, limits: ScaleLimits, nowMs: number): Advice {
  const wanted = workersFor(facts, limits);
  if (before === null) return { desired: Math.min(limits.max, Math.max(wanted, facts.workers)), changedAtMs: nowMs };
  if (wanted > before.desired) return { desired: wanted, changedAtMs: nowMs };
  if (wanted === before.desired || nowMs - before.changedAtMs < limits.coolDownMs) return before;
  return { desired: before.desired - 1, changedAtMs: nowMs };
}
