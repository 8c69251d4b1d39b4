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

/** Tasks a worker could start at once. */
export function freeSlots({ slots, running, waiting }: WorkerSnapshot): number {
  return Math.max(0, slots - running - waiting);
}

/** Share of its slots that is spoken for; above 1 when tasks wait. */
export function loadOf({ slots, running, waiting }: WorkerSnapshot): number {
  return (running + waiting) / slots;
}
