import { cancelledRunningReason, cancelledSignal, type LaneWorker } from '@shunt/lanes';
import { type Job, WaitingError } from 'bullmq';
import { assertNotExpired, withinTimeout } from './attempt-limits.js';
import { isTerminal, storable, Terminal } from './handler-error.js';
import { checkJson, hardMaxPayloadBytes } from './input/payload.js';
import { contextOf, type Handler } from './task-context.js';

/** Why a stopping worker aborts what still runs after its grace. */
export const shutdownReason = 'shutdown';

/** Most stacks that a task keeps: those of its last attempts. */
const maxStacks = 10;

/**
 * Runs one attempt: finds the handler, calls it, checks what it returns or throws.
 *
 * An attempt that was aborted by the shutdown and did not complete is handed back and not counted, unless it threw
 * {@link Terminal}.
 */
export async function runTask(
  lane: LaneWorker,
  handlers: ReadonlyMap<string, Handler>,
  job: Job,
  token: string | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const handler = handlers.get(job.name);
  if (!handler) throw new Terminal(`worker ${lane.workerId} has no handler for task "${job.name}"`);
  job.opts.stackTraceLimit ??= maxStacks;
  assertNotExpired(job);
  try {
    const agent = lane.agentOf(job.id ?? '');
    const result = await withinTimeout(job, signal, async (limited) =>
      handler(job.data, contextOf(job, agent, limited)),
    );
    return checkedResult(result);
  } catch (thrown) {
    const error = storable(thrown);
    if (signal.aborted && signal.reason === cancelledSignal) throw new Terminal(cancelledRunningReason);
    if (!signal.aborted || signal.reason !== shutdownReason || isTerminal(error)) throw error;
    await job.moveToWait(token);
    throw new WaitingError();
  }
}

/** A result that JSON tells as it is, at most 1 MiB of it. Its error names the path and never a value. */
function checkedResult(result: unknown): unknown {
  if (result === undefined) return undefined;
  const checked = checkJson(result, 'result', hardMaxPayloadBytes);
  if ('problem' in checked) throw new Error(`${checked.problem.field} ${checked.problem.message}`);
  return result;
}
