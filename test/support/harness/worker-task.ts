/** What a forked worker is told, as JSON in its first argument. */
export interface WorkerTask {
  readonly redisUrl: string;
  readonly pool: string;
  readonly id: string;
  readonly slots: number;
  readonly heartbeat: string;
  readonly lease: string;
  /** The file of its history. */
  readonly history: string;
  /** Port of the effect store; without one handlers have no effects. */
  readonly effectPort?: number;
  /** `lane` is a worker of the SDK; `plain` is BullMQ's own Worker on the intake, which knows no agents: a planted bug. */
  readonly kind: 'lane' | 'plain';
  /** It ends itself by SIGKILL before it joins the pool, or before its first heartbeat after that. Defaults to neither. */
  readonly diesBefore?: 'join' | 'heartbeat';
}

/** Input of the one kind of task that harness workers run. */
export interface Turn {
  /** Null for a task without an agent. */
  readonly agentId: string | null;
  /** How long the handler takes, in ms; 0 for not at all. */
  readonly costMs: number;
  /** How many attempts fail before one succeeds. */
  readonly failures: number;
  /** After how long those ask to be tried again, in ms. Defaults to not asking: they throw an ordinary error. */
  readonly laterMs?: number;
  /** The worker where it says that it does not belong. Defaults to none. */
  readonly refusedBy?: string;
}

/** Name of that kind of task. */
export const turnName = 'turn';

/** Told to a worker while it runs. */
export interface WorkerOrder {
  /**
   * It ends itself by SIGKILL when it comes there next. `pick-up`: a task is in its slot and its handler not yet begun.
   * `effect`: the effect is written and the task not ended.
   */
  readonly dieAt?: 'pick-up' | 'effect';
  /** It does nothing else for so long, and tells by a message how long that was. */
  readonly blockMs?: number;
  /** It keeps all it allocates until V8 ends it. */
  readonly exhaustHeap?: boolean;
  /** Its handlers take so many times as long from now on, which it tells by a message with the last task that did. */
  readonly slowBy?: number;
  /** Its handlers fail from now on, which it tells by a message with each task that did; or no longer. */
  readonly isSick?: boolean;
}

/** What a worker tells after it was blocked. */
export interface Blocked {
  readonly blockedMs: number;
}

/** What a sick worker tells of each task. */
export interface Sick {
  readonly failedTask: string;
}

/** What a slow worker tells of each task. */
export interface Slowed {
  readonly tookMs: number;
}
