import { type AgentOfTask, decodeAgentKey, type Metadata, taskMetadata } from '@shunt/lanes';
import type { Job } from 'bullmq';
import type { Emits } from './emits.js';
import { ProgressReports } from './progress-reports.js';

/** What a handler knows besides its input. */
export interface TaskContext {
  /** Its id, the same for each attempt, its name, and what its producer noted of it. */
  readonly task: {
    readonly id: string;
    readonly name: string;
    /** What its producer noted of it; empty for nothing. */
    readonly metadata: Metadata;
  };
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Its agent, null for a task without one: id, fence, what `onAgentOpen` returned, and `warm` when this worker ran the agent's previous task. */
  readonly agent: {
    readonly id: string;
    /** Grows whenever the agent changes hands: a store that refuses a lower one than it saw refuses a stale worker. */
    readonly fence: number;
    /** What the worker's `onAgentOpen` returned; undefined without one. */
    // biome-ignore lint/suspicious/noExplicitAny: it is the worker's own; a handler names its type
    readonly state: any;
    /** `warm` when this worker ran the agent's previous task, so its state may still be here. */
    readonly home: 'warm' | 'cold';
  } | null;
  /**
   * Aborts with the reason `shutdown` when the worker stops and its grace is over, with `lease-lost` when it may run the
   * task no longer, with `timeout` when the attempt takes too long, with `cancelled` when somebody cancelled the task.
   */
  readonly signal: AbortSignal;
  /**
   * Reports progress, seen by BullMQ's `progress` event and `job.progress`: a number or a plain object of at most 64 KiB.
   * Of reports made faster than Redis takes them only the newest is sent. Resolves once it or a newer one is stored.
   */
  progress(value: number | object): Promise<void>;
  /**
   * Tells a value to whoever follows the task, as an event `data` with it as `value`: JSON of at most 256 KiB. All of them are told, in the order
   * of the calls; those of one tick share a round trip. Resolves once Redis has it, within 5 s; await it, so that the handler is no faster than
   * Redis. The task ends after all that was emitted. Of a pool's newest 10,000 events those of the task are kept.
   *
   * @throws ShuntError INVALID_INPUT or PAYLOAD_TOO_LARGE naming value; CANCELLED, TASK_TIMEOUT or LEASE_LOST once the signal has aborted or the attempt has
   * ended; STORE_UNAVAILABLE; DEADLINE_EXCEEDED when it may be told
   */
  emit(value: unknown): Promise<void>;
  /** Appends a line to the task's log, as `job.log`; beyond 64 Ki characters it is cut. */
  log(line: string): Promise<void>;
}

/** Runs one kind of task: its result becomes the task's, an error fails the attempt. */
// biome-ignore lint/suspicious/noExplicitAny: inputs come from JSON; a handler names its own type
export type Handler = (input: any, ctx: TaskContext) => unknown;

const maxLineChars = 64 * 1024;

/** Makes the context of one attempt. */
export function contextOf(
  job: Job,
  agent: AgentOfTask | undefined,
  signal: AbortSignal,
  state: unknown,
  emits: Emits,
): TaskContext {
  const reports = new ProgressReports((value) => job.updateProgress(value));
  return {
    task: { id: job.id ?? '', name: job.name, metadata: taskMetadata(job.opts) },
    attempt: job.attemptsMade + 1,
    agent:
      agent === undefined || agent.agent === ''
        ? null
        : { id: decodeAgentKey(agent.agent) ?? agent.agent, fence: agent.fence, state, home: agent.home },
    signal,
    progress: (value) => reports.send(value),
    emit: (value) => emits.send(value),
    log: async (line) => {
      await job.log(String(line).slice(0, maxLineChars));
    },
  };
}
