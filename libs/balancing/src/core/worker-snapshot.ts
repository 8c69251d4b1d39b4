/** One worker at the instant of a decision. */
export interface WorkerSnapshot {
  readonly id: string;
  /** Tasks it can run at once. */
  readonly slots: number;
  /** Tasks it runs. */
  readonly running: number;
  /** Tasks waiting in its lane. */
  readonly waiting: number;
  /** Relative capacity, 0 for none. */
  readonly weight: number;
  /** How long its attempts take, in ms, as a decaying peak. Absent while none has completed. */
  readonly responseMs?: number;
  /** Share of its recent attempts that failed, 0 to 1. Absent while none has ended. */
  readonly errorRatio?: number;
  /** Where it is. Absent when it does not say. */
  readonly zone?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'up' | 'draining' | 'down';
}
