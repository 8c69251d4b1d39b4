/** What a worker's lane looks like at one instant. */
export interface LaneProgress {
  /** Slots it may use. */
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
  /** Tasks its present life has taken. */
  readonly picked: number;
  readonly life: string;
}

/** Since when a worker has had a free slot and waiting tasks and taken none. */
export interface Standstill {
  readonly life: string;
  readonly picked: number;
  readonly sinceMs: number;
}

/** The standstill after a look at a lane, null while it goes on or has no reason to. */
export function standstillOf(before: Standstill | null, lane: LaneProgress, nowMs: number): Standstill | null {
  if (lane.running >= lane.slots || lane.waiting === 0) return null;
  if (before && before.life === lane.life && before.picked === lane.picked) return before;
  return { life: lane.life, picked: lane.picked, sinceMs: nowMs };
}

/** Whether a worker that beats does not advance: it needs a new life. */
export function isStuck(standstill: Standstill | null, nowMs: number, afterMs: number): boolean {
  return standstill !== null && nowMs - standstill.sinceMs >= afterMs;
}
