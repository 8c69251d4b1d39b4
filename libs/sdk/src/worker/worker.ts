import { encodeAgentId, isShuntError, LaneWorker, queueNameOf } from '@shunt/lanes';
import { refusal } from '../redis-error.js';
import type { TaskMap } from '../task-map.js';
import { AgentStates } from './agent-states.js';
import { IdleStates } from './idle-states.js';
import { runTask, shutdownReason } from './run-task.js';
import { tracedAttempt } from './traced-attempt.js';
import { type WorkerOptions, workerSettings } from './worker-options.js';

/**
 * How a stop went. `clean`: all that ran ended by itself. `handed-back`: it was aborted after the grace, and given back where it did
 * not complete. `forced`: a handler ignored its signal, or Redis did not answer; what it runs stays this worker's until it ends,
 * or until the process has ended and the lease is over.
 */
export type StopOutcome = 'clean' | 'handed-back' | 'forced';

/** A worker of a pool. */
export interface ShuntWorker {
  readonly id: string;
  /** The BullMQ worker below, for its events and pauses. */
  readonly lane: LaneWorker;
  /** Registers and runs tasks until closed. @throws ShuntError STORE_UNAVAILABLE when Redis refuses the worker */
  run(): Promise<void>;
  /**
   * Tells that the worker holds an agent's state no longer: it is closed here with `dropped`, and the agent's next task is
   * free to go anywhere. Resolves to whether the agent had its home here.
   */
  dropAgent(agentId: string): Promise<boolean>;
  /** Takes nothing new, gives back what waits, waits for what runs, aborts it after the grace. May be called again. */
  close(): Promise<StopOutcome>;
}

/**
 * Makes a worker of a pool from handlers. It starts with `run()`.
 *
 * @throws ShuntError INVALID_CONFIG naming each bad option
 */
export function createWorker<Tasks extends TaskMap = TaskMap>(options: WorkerOptions<NoInfer<Tasks>>): ShuntWorker {
  const { redis, pool, prefix, id, handlers, schemas, hooks, graceMs, abortMs, ...settings } = workerSettings(options);
  const states = new AgentStates(hooks, settings.handOffMs, (error) => lane.emit('error', error));
  const lane: LaneWorker = new LaneWorker(
    queueNameOf(pool),
    // BullMQ gives a signal to a processor of three parameters alone.
    (job, token, signal) =>
      tracedAttempt(pool, lane, job, () =>
        runTask(lane, { handlers, schemas }, states, job, token, signal ?? new AbortController().signal),
      ),
    {
      connection: (typeof redis === 'string' ? { url: redis } : redis) as never,
      ...(prefix === undefined ? {} : { prefix }),
      ...(id === undefined ? {} : { workerId: id }),
      concurrency: settings.slots,
      weight: settings.weight,
      zone: settings.zone,
      labels: settings.labels,
      heartbeat: settings.heartbeatMs,
      lease: settings.leaseMs,
      breaker: settings.breaker,
      ...(settings.healthUrl === undefined ? {} : { healthUrl: settings.healthUrl }),
      sessionTtl: settings.sessionTtlMs,
      maxAgents: settings.maxAgents,
      onAgentRelease: (release) => states.release(release),
      holdsStates: states.areHeld,
      handOffTimeout: settings.handOffMs,
      onTasksEnded: () => states.closeAll('shutdown'),
      autorun: false,
    },
  );
  // Whoever wants to know listens to the lane; without a listener an error event would end the process.
  lane.on('error', (error) => {
    if (isShuntError(error) && error.code === 'LEASE_LOST') void states.closeAll('lease-lost');
  });
  const idle = new IdleStates(states, lane);
  let running: Promise<void> | undefined;
  let closing: Promise<StopOutcome> | undefined;
  const runUntilClosed = async () => {
    if (closing) return;
    void idle.watch();
    try {
      await lane.run();
    } catch (error) {
      if (!closing) throw refusal(error);
    } finally {
      idle.stop();
    }
  };
  return {
    id: lane.workerId,
    // BullMQ's options hold the password of Redis: console.log of this object does not show them.
    get lane() {
      return lane;
    },
    run: () => {
      running ??= runUntilClosed();
      return running;
    },
    dropAgent: async (agentId) => {
      const agent = encodeAgentId(agentId);
      states.drop(agent);
      return (await lane.dropAgents([agent])) > 0;
    },
    close: () => {
      closing ??= closeWithin(lane, graceMs, abortMs);
      return closing;
    },
  };
}

async function closeWithin(lane: LaneWorker, graceMs: number, abortMs: number): Promise<StopOutcome> {
  let outcome: StopOutcome = 'clean';
  const onLost = (error: Error) => {
    if (isShuntError(error) && error.code === 'LEASE_LOST') outcome = 'forced';
  };
  lane.on('error', onLost);
  const abort = setTimeout(() => {
    outcome = 'handed-back';
    lane.cancelAllJobs(shutdownReason);
  }, graceMs);
  let giveUp: NodeJS.Timeout | undefined;
  const late = new Promise<StopOutcome>((resolve) => {
    giveUp = setTimeout(() => resolve('forced'), graceMs + abortMs);
  });
  try {
    const closed = await Promise.race([lane.close().then(() => outcome), late]);
    if (closed === 'forced') letGo(lane);
    return closed;
  } finally {
    clearTimeout(abort);
    clearTimeout(giveUp);
    lane.off('error', onLost);
  }
}

/** Waits for a worker no longer that did not end in time: what it still runs stays its own, and nobody is told of Redis any more. */
function letGo(lane: LaneWorker): void {
  if (lane.runningCount > 0) lane.hush();
  else void lane.close(true);
}
