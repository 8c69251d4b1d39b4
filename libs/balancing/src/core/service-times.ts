/** How many tasks of a kind ended, and how long their handlers took together. */
export interface TimeSum {
  readonly tasks: number;
  readonly sumMs: number;
}

/** Service times of a pool: of tasks that started where their agent's state was, and of those that did not. */
export interface ServiceTimes {
  readonly warm: TimeSum;
  readonly cold: TimeSum;
}

/** What a pool knows before its first task ended. */
export const noServiceTimes: ServiceTimes = { warm: { tasks: 0, sumMs: 0 }, cold: { tasks: 0, sumMs: 0 } };

/** Tasks that the means look back over: enough for heavy tails, few enough to follow a new kind of work within hours. */
export const rememberedTasks = 100_000;

/** Adds what ended since; all sums are halved once they hold more than {@link rememberedTasks}, so that the old fades. */
export function addServiceTimes(known: ServiceTimes, ended: ServiceTimes): ServiceTimes {
  const tasks = known.warm.tasks + known.cold.tasks + ended.warm.tasks + ended.cold.tasks;
  const share = tasks > rememberedTasks ? 0.5 : 1;
  return { warm: add(known.warm, ended.warm, share), cold: add(known.cold, ended.cold, share) };
}

/** Mean of a sum in ms; null without a task. */
export function meanMs({ tasks, sumMs }: TimeSum): number | null {
  return tasks > 0 ? sumMs / tasks : null;
}

/** The S of the policy: mean service time of warm tasks in ms, of cold ones while none was warm; null before the first. */
export function meanServiceMs({ warm, cold }: ServiceTimes): number | null {
  return meanMs(warm) ?? meanMs(cold);
}

/** One worker's part in the service times of its pool. */
export interface WorkerTimes {
  readonly slots: number;
  readonly times: ServiceTimes;
}

/** Warm and cold tasks each that a worker must have ended to count by itself. */
export const leastTasksOfWorker = 10;

/**
 * The service times of a pool whose workers are not alike: the mean over its slots of each worker's own means, as if every
 * worker had ended the same share of warm and of cold tasks. Plain sums would mislead: idle workers, which start agents cold,
 * are the fast ones, so that cold starts would look cheap just where moves should be rare.
 *
 * Workers with few tasks of a kind are left out; the plain sums while that is all of them.
 */
export function acrossWorkers(workers: readonly WorkerTimes[]): ServiceTimes {
  let sums = noServiceTimes;
  let slots = 0;
  let warmMs = 0;
  let coldMs = 0;
  for (const worker of workers) {
    const { warm, cold } = worker.times;
    sums = { warm: add(sums.warm, warm, 1), cold: add(sums.cold, cold, 1) };
    if (Math.min(warm.tasks, cold.tasks) < leastTasksOfWorker) continue;
    slots += worker.slots;
    warmMs += worker.slots * (warm.sumMs / warm.tasks);
    coldMs += worker.slots * (cold.sumMs / cold.tasks);
  }
  if (slots === 0) return sums;
  const weighed = ({ tasks }: TimeSum, sumMs: number) => ({ tasks, sumMs: (tasks * sumMs) / slots });
  return { warm: weighed(sums.warm, warmMs), cold: weighed(sums.cold, coldMs) };
}

function add(known: TimeSum, ended: TimeSum, share: number): TimeSum {
  return { tasks: (known.tasks + ended.tasks) * share, sumMs: (known.sumMs + ended.sumMs) * share };
}
