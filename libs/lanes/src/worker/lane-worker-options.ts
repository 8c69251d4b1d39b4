import type { SelfRules } from '@shunt/health';
import type { WorkerOptions } from 'bullmq';
import type { AgentRelease } from './agent-releases.js';

/** Options of a lane worker besides BullMQ's own. All durations in ms. */
export interface LaneWorkerOptions extends WorkerOptions {
  /** Names the lane; keep it across restarts to keep warm agents. Defaults to `<host>-<pid>-<random>`. */
  readonly workerId?: string;
  /** Relative capacity. Defaults to 1. */
  readonly weight?: number;
  /** Where it is, for the strategy `intelligent`. Defaults to nowhere. */
  readonly zone?: string | undefined;
  /** What tasks may require of it, such as `{ gpu: 'a100' }`. Defaults to none. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** How long an idle agent keeps its home. Defaults to 15 minutes. */
  readonly sessionTtl?: number;
  /**
   * How long a worker may run tasks after its last heartbeat. Then it aborts them by itself, and its tasks go to others.
   * Defaults to 10 s.
   */
  readonly lease?: number;
  /** Time between heartbeats. Defaults to 2 s. */
  readonly heartbeat?: number;
  /** From when on it takes itself for sick, `false` for never. What is not said is as in the `adaptive` preset. */
  readonly breaker?: Partial<SelfRules> | false;
  /** URL by which the dispatcher may ask whether it is well. */
  readonly healthUrl?: string;
  /** How many agents' states it can hold: beyond it the least recently served idle one loses its home. Defaults to no limit. */
  readonly maxAgents?: number | undefined;
  /** Called when it need not hold an agent's state any more; the state has ended when what it returns resolves. */
  readonly onAgentRelease?: (release: AgentRelease) => unknown;
  /** Whether it holds states, so that an agent's next home waits until it has ended its own. Defaults to false. */
  readonly holdsStates?: boolean;
  /** Called when it stops, once the last task has ended; the worker is there until what it returns resolves. */
  readonly onTasksEnded?: () => Promise<void>;
  /** How long it waits for the workers from which an agent comes to end their states. Defaults to 5 s. */
  readonly handOffTimeout?: number;
}
