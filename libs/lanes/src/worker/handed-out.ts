import { raw2NextJobData } from 'bullmq';

/** What BullMQ makes of a task that a worker fetched, or of none. */
export type Fetched = ReturnType<typeof raw2NextJobData>;

/**
 * A task as the scripts hand it out: two numbers of a fetch, how many agents beyond its limit the worker holds, who has to end the
 * agent's state, parted by spaces, and how long it was its agent's current one, in ms.
 */
export type HandedOut = readonly [
  string[],
  string,
  0,
  0,
  string,
  'warm' | 'cold',
  string,
  number,
  number,
  number,
  string,
  number | '',
];

/** Whether a script's answer is a task. */
export function isTask(reply: unknown): reply is HandedOut {
  return Array.isArray(reply) && reply[0] !== 0;
}

/** What BullMQ takes for no task: look again when woken, or in so many ms by this process's clock. */
export function nothingFor(ms: number): Fetched {
  return raw2NextJobData((ms > 0 ? [0, 0, 0, Date.now() + ms] : 0) as never);
}
