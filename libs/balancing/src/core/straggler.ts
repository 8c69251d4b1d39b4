/** What is remembered of one worker's service times, as logarithms of ms: a heavy tail then raises no false alarm. */
export interface Pace {
  readonly tasks: number;
  /** Mean logarithm over about the last 33 tasks. */
  readonly recent: number;
  /** Mean logarithm over about the last 500 tasks; stands still while the worker is a straggler. */
  readonly own: number;
}

/** A worker before its first task. */
export const noPace: Pace = { tasks: 0, recent: 0, own: 0 };
/** How much slower than its own past a worker must be. */
export const stragglerRatio = 2.5;
/** Tasks a worker must have ended before it can be judged. */
export const leastTasks = 60;
const stragglerLog = Math.log(stragglerRatio);
const recentWeight = 0.03;
const ownWeight = 0.002;

/** A worker's pace after a task ended well in `serviceMs`. Failed tasks are the breaker's to judge. */
export function withTask(pace: Pace, serviceMs: number): Pace {
  const log = Math.log(Math.max(serviceMs, 0.001));
  const tasks = pace.tasks + 1;
  const recent = pace.recent + Math.max(recentWeight, 1 / tasks) * (log - pace.recent);
  const stands = isStraggler({ tasks, recent, own: pace.own });
  const own = stands ? pace.own : pace.own + Math.max(ownWeight, 1 / tasks) * (log - pace.own);
  return { tasks, recent, own };
}

/** How many times slower than its own past a worker is, by geometric means. 1 as usual, 2 at half its speed. */
export function slowdown({ recent, own }: Pace): number {
  return Math.exp(recent - own);
}

/**
 * Whether a worker fell behind its own past, not behind its pool, so that a pool of unequal machines has no stragglers.
 * A straggler takes from its own lane, and from the yard one task at a time as a canary.
 */
export function isStraggler(pace: Pace): boolean {
  return pace.tasks >= leastTasks && pace.recent - pace.own > stragglerLog;
}

/** A straggler that has run nothing for long is none until its next slow task: its past says no more what it is like now. */
export function triedAgain(pace: Pace): Pace {
  return isStraggler(pace) ? { ...pace, recent: pace.own + 0.98 * stragglerLog } : pace;
}

/**
 * Whether an agent's next task should leave a straggling home for the yard: when staying costs more than the cold start
 * elsewhere. Asked whenever a task becomes current, also right after the one before: a busy agent would else never leave.
 */
export function leavesHome(pace: Pace, meanServiceMs: number, coldCostMs: number): boolean {
  return isStraggler(pace) && costsMore(slowdown(pace), meanServiceMs, coldCostMs);
}

/** Whether a task costs more at a home that is so many times slower than a cold start elsewhere. */
export function costsMore(slowdown: number, meanServiceMs: number, coldCostMs: number): boolean {
  return (slowdown - 1) * meanServiceMs > coldCostMs;
}
