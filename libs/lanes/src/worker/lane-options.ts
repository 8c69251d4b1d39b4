import type { Redis } from 'ioredis';
import type { Live } from '../pool-config/config-watcher.js';
import type { WorkerTuning } from '../pool-config/worker-tuning.js';
import type { HeldTasks } from './held-tasks.js';
import type { WorkerLife } from './worker-life.js';

/** What a lane needs beyond BullMQ's own options. */
export interface LaneOptions {
  readonly life: WorkerLife;
  /** The tasks it runs: filled and left here. */
  readonly held: HeldTasks;
  /** Connection with the scripts defined. */
  readonly redis: Redis;
  /** How many slots the worker has now. */
  readonly slots: () => number;
  readonly tuning: Live<Pick<WorkerTuning, 'sessionTtlMs'>>;
  /** Whether the worker has labels, and looks at the yards of those. */
  readonly hasLabels: boolean;
  /** Whether it may take tasks now. */
  readonly mayFetch: () => boolean;
  /** Whether it takes from its own lane only, and from the yard one task at a time. */
  readonly isStraggler: () => boolean;
  /** Called each time Redis refuses, for a reason that may pass, to end a task. */
  readonly onRefused: (error: Error) => void;
  /** How many agents' states the worker can hold, undefined for no limit. */
  readonly maxAgents: number | undefined;
  /** Called with agents whose states the worker is to end, flat: agent key, `<fence> <reason>`. */
  readonly onRelease: (released: readonly string[]) => void;
}
