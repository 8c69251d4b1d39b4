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
  readonly zone?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: 'up' | 'draining' | 'down';
}
