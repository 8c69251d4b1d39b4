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

function add(known: TimeSum, ended: TimeSum, share: number): TimeSum {
  return { tasks: (known.tasks + ended.tasks) * share, sumMs: (known.sumMs + ended.sumMs) * share };
}
