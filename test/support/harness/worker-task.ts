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
  /** `lane` is a worker of the SDK; `plain` is BullMQ's own Worker on the intake, which knows no agents: a planted bug. */
  readonly kind: 'lane' | 'plain';
}

/** Input of the one kind of task that harness workers run. */
export interface Turn {
  /** Null for a task without an agent. */
  readonly agentId: string | null;
  /** How long the handler takes, in ms; 0 for not at all. */
  readonly costMs: number;
  /** How many attempts fail before one succeeds. */
  readonly failures: number;
}

/** Name of that kind of task. */
export const turnName = 'turn';
