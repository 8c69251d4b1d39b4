import { cancelledRunningReason, cancelledSignal, isShuntError, type LaneWorker } from '@shunt/lanes';
import { type Job, WaitingError } from 'bullmq';
import type { TaskOptions } from '../input/options.js';
import { checkJson, hardMaxPayloadBytes } from '../input/payload.js';
import { checkedInput, type KnownSchemas } from '../input/schemas.js';
import { toFailedReason } from '../task/failed-reason.js';
import type { AgentStates } from './agent-states.js';
import { withinTimeout } from './attempt-limits.js';
import { Emits } from './emits.js';
import { isTerminal, isWrongWorker, retryDelayOf, storable, Terminal, WrongWorker } from './handler-error.js';
import { contextOf, type Handler } from './task-context.js';

/** Why a stopping worker aborts what still runs after its grace. */
export const shutdownReason = 'shutdown';

/** Most stacks that a task keeps: those of its last attempts. */
const maxStacks = 10;

/** What a worker can run. */
export interface RunnableTasks {
  readonly handlers: ReadonlyMap<string, Handler>;
  readonly schemas: KnownSchemas;
}

/**
 * Runs one attempt: finds the handler, calls it, checks what it returns or throws.
 *
 * An attempt that was aborted by the shutdown and did not complete is handed back and not counted, unless it threw
 * {@link Terminal} or `RetryLater`. One that threw `WrongWorker`, or that has no handler here, is given to another worker.
 */
export async function runTask(
  lane: LaneWorker,
  { handlers, schemas }: RunnableTasks,
  states: AgentStates,
  job: Job,
  token: string | undefined,
  signal: AbortSignal,
): Promise<unknown> {
  const handler = handlers.get(job.name);
  if (!handler) {
    const refusers = await giveToAnother(lane, job, token);
    throw new Terminal(`no worker has a handler for task "${job.name}": ${refusers} refused it`);
  }
  job.opts.stackTraceLimit ??= maxStacks;
  const input = inputOf(job, schemas);
  try {
    await lane.handedOver(job.id ?? '', signal);
    signal.throwIfAborted();
    const agent = lane.agentOf(job.id ?? '');
    const result = await withinTimeout(job, signal, async (limited) => {
      const emits = new Emits(limited, (batch, deadlineMs) => lane.emitValues(job, token ?? '', batch, deadlineMs));
      const call = async (state: unknown) => handler(input, contextOf(job, agent, limited, state, emits));
      return states.use(agent, call).finally(() => emits.end());
    });
    return checkedResult(result);
  } catch (thrown) {
    const error = storable(thrown);
    if (signal.aborted && signal.reason === cancelledSignal)
      throw new Terminal((await lane.cancelReasonOf(job.id ?? '')) ?? cancelledRunningReason);
    if (isWrongWorker(error)) {
      const refusers = await giveToAnother(lane, job, token);
      throw new WrongWorker(`wrong worker: no other is left, ${refusers} refused it: ${error.message}`);
    }
    const delay = retryDelayOf(error);
    if (delay !== null) job.opts.backoff = { type: 'fixed', delay };
    const isHandedBack = signal.aborted && signal.reason === shutdownReason && delay === null && !isTerminal(error);
    if (!isHandedBack) throw error;
    await job.moveToWait(token);
    throw new WaitingError();
  }
}

/** @throws Terminal telling INVALID_INPUT when the task's schema refuses its input: another attempt would meet the same */
function inputOf(job: Job, schemas: KnownSchemas): unknown {
  try {
    const input = (job.opts as TaskOptions).scheduled ? job.data.input : job.data;
    return checkedInput(schemas, job.name, input);
  } catch (error) {
    throw isShuntError(error, 'INVALID_INPUT') ? new Terminal(toFailedReason(error)) : error;
  }
}

/** Most workers that the reason of a failure names. */
const namedWorkers = 5;

/**
 * Gives a task to another worker. Resolves to the workers that refused it when no other is left.
 *
 * @throws WaitingError of BullMQ once it is given
 */
async function giveToAnother(lane: LaneWorker, job: Job, token: string | undefined): Promise<string> {
  const refusers = await lane.refuse(job, token);
  if (refusers.length === 0) throw new WaitingError();
  const named = refusers.slice(0, namedWorkers).join(', ');
  return refusers.length > namedWorkers ? `${named} and ${refusers.length - namedWorkers} more` : named;
}

/** A result that JSON tells as it is, at most 1 MiB of it. Its error names the path and never a value. */
function checkedResult(result: unknown): unknown {
  if (result === undefined) return undefined;
  const checked = checkJson(result, 'result', hardMaxPayloadBytes);
  if ('problem' in checked) throw new Error(`${checked.problem.field} ${checked.problem.message}`);
  return result;
}
