import { type AgentOfTask, decodeAgentKey, LaneWorker, queueNameOf, type RedisTarget, ShuntError } from '@shunt/lanes';
import { type Job, UnrecoverableError } from 'bullmq';
import { type Duration, parseDuration } from './input/duration.js';
import { assertPoolName } from './input/ids.js';

/** What a handler knows besides its input. */
export interface TaskContext {
  readonly task: { readonly id: string; readonly name: string };
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Null for a task without an agent. */
  readonly agent: {
    readonly id: string;
    /** Grows whenever the agent changes hands: a store that refuses a lower one than it saw refuses a stale worker. */
    readonly fence: number;
    /** `warm` when this worker ran the agent's previous task, so its state may still be here. */
    readonly home: 'warm' | 'cold';
  } | null;
  /** Aborts when the worker stops and its grace is over; `signal.reason` says why. */
  readonly signal: AbortSignal;
  /** Reports progress, seen by BullMQ's `progress` event and `job.progress`. */
  progress(value: number | object): Promise<void>;
  /** Appends a line to the task's log, as `job.log`. */
  log(line: string): Promise<void>;
}

/** Runs one kind of task: its result becomes the task's, an error fails the attempt. */
// biome-ignore lint/suspicious/noExplicitAny: inputs come from JSON; a handler names its own type
export type Handler = (input: any, ctx: TaskContext) => unknown;

/** Options of a worker. */
export interface WorkerOptions {
  /** A URL or ioredis options. Defaults to `redis://127.0.0.1:6379`. */
  readonly redis?: RedisTarget;
  /** Defaults to `agents`. */
  readonly pool?: string;
  /** Key prefix of all pools. Defaults to `shunt`. */
  readonly prefix?: string;
  /** Names the worker's lane; keep it across restarts. Defaults to `<host>-<pid>-<random>`. */
  readonly id?: string;
  /** Tasks that run at once. Defaults to 1. */
  readonly slots?: number;
  /** Relative capacity for weighted strategies. Defaults to 1. */
  readonly weight?: number;
  /** By task name. A task of another name fails for good. */
  readonly handlers: Readonly<Record<string, Handler>>;
  /** How long an idle agent keeps its home. Defaults to 15 min. */
  readonly sessionTtl?: Duration;
  /** Time between heartbeats. Defaults to 2 s. */
  readonly heartbeat?: Duration;
  /** How long a worker that stopped beating keeps receiving, at least 3 heartbeats. Defaults to 10 s. */
  readonly lease?: Duration;
  readonly shutdown?: {
    /** How long running tasks may go on. Defaults to 25 s. */
    readonly grace?: Duration;
    /** How long they may take to end once aborted. Defaults to 5 s. */
    readonly abort?: Duration;
  };
}

/** Fails a task for good, whatever attempts it has left. */
export class Terminal extends UnrecoverableError {
  override name = 'Terminal';
}

/** A running worker. */
export interface ShuntWorker {
  readonly id: string;
  /** The BullMQ worker below, for its events and pauses. */
  readonly lane: LaneWorker;
  /** Registers and runs tasks until closed. */
  run(): Promise<void>;
  /** Takes nothing new, waits for what runs, aborts it after the grace. Resolves to whether all ended by themselves. */
  close(): Promise<boolean>;
}

/**
 * Makes a worker of a pool from handlers. It starts with `run()`.
 *
 * @throws ShuntError INVALID_CONFIG naming the option
 */
export function createWorker(options: WorkerOptions): ShuntWorker {
  const { pool = 'agents', redis = 'redis://127.0.0.1:6379', handlers, slots = 1, weight = 1, shutdown = {} } = options;
  assertPoolName(pool);
  refuse('slots', Number.isInteger(slots) && slots >= 1 && slots <= 10_000, 'a whole number from 1 to 10000');
  refuse('weight', Number.isFinite(weight) && weight > 0, 'a number above 0');
  const heartbeat = parseDuration(options.heartbeat ?? '2s', 'heartbeat', { minMs: 10 });
  const lease = parseDuration(options.lease ?? '10s', 'lease');
  refuse('lease', lease >= 3 * heartbeat, 'at least three heartbeats');
  const graceMs = parseDuration(shutdown.grace ?? '25s', 'shutdown.grace');
  const abortMs = parseDuration(shutdown.abort ?? '5s', 'shutdown.abort');

  const lane: LaneWorker = new LaneWorker(
    queueNameOf(pool),
    (job, token, signal) => runTask(lane, handlers, job, token, signal),
    {
      connection: (typeof redis === 'string' ? { url: redis } : redis) as never,
      ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
      ...(options.id === undefined ? {} : { workerId: options.id }),
      concurrency: slots,
      weight,
      heartbeat,
      lease,
      sessionTtl: parseDuration(options.sessionTtl ?? '15m', 'sessionTtl', { minMs: 1 }),
      autorun: false,
    },
  );
  lane.on('error', () => undefined);
  return {
    id: lane.workerId,
    lane,
    run: () => lane.run(),
    close: () => closeWithin(lane, graceMs, abortMs),
  };
}

async function runTask(
  lane: LaneWorker,
  handlers: WorkerOptions['handlers'],
  job: Job,
  _token: string | undefined,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const handler = Object.hasOwn(handlers, job.name) ? handlers[job.name] : undefined;
  if (!handler) throw new Terminal(`worker ${lane.workerId} has no handler for task "${job.name}"`);
  return handler(job.data, contextOf(job, lane.agentOf(job.id ?? ''), signal ?? new AbortController().signal));
}

function contextOf(job: Job, agent: AgentOfTask | undefined, signal: AbortSignal): TaskContext {
  return {
    task: { id: job.id ?? '', name: job.name },
    attempt: job.attemptsMade + 1,
    agent:
      agent === undefined || agent.agent === ''
        ? null
        : { id: decodeAgentKey(agent.agent) ?? agent.agent, fence: agent.fence, home: agent.home },
    signal,
    progress: (value) => job.updateProgress(value),
    log: async (line) => {
      await job.log(line);
    },
  };
}

async function closeWithin(lane: LaneWorker, graceMs: number, abortMs: number): Promise<boolean> {
  let wasAborted = false;
  const abort = setTimeout(() => {
    wasAborted = true;
    lane.cancelAllJobs('shutdown');
  }, graceMs);
  let giveUp: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    giveUp = setTimeout(resolve, graceMs + abortMs);
  });
  await Promise.race([lane.close(), late]);
  clearTimeout(abort);
  clearTimeout(giveUp);
  return !wasAborted;
}

function refuse(field: string, isRight: boolean, expected: string): void {
  if (isRight) return;
  const details = [{ field, message: `must be ${expected}` }];
  throw new ShuntError('INVALID_CONFIG', `${field} must be ${expected}`, { details });
}
