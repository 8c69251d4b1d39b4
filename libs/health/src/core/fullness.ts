/** How much a pool holds at one instant. */
export interface PoolLoad {
  /** Memory that Redis uses, in bytes. */
  readonly usedBytes: number;
  /** Its maxmemory in bytes, 0 for none. */
  readonly maxBytes: number;
  readonly waitingTasks: number;
  /** Most tasks that may wait, null for no limit. */
  readonly maxWaitingTasks: number | null;
  /** How long the task that is next has waited, in ms. */
  readonly oldestAgeMs: number;
  /** How long that one may, null for no limit. */
  readonly maxWaitingAgeMs: number | null;
}

/** Why a pool takes no new tasks, with what is said of it; the first that holds is told. */
export const fullnessReasons = {
  memory: 'Redis has used three quarters of its memory',
  tasks: 'as many tasks wait as it allows',
  age: 'its next task has waited as long as it allows',
} as const;

/** Names such a reason. */
export type Fullness = keyof typeof fullnessReasons;

/** All of them, in the order in which they are told. */
export const fullnessKinds = Object.keys(fullnessReasons) as readonly Fullness[];

/** Share of Redis's memory at which a pool takes no new tasks. */
export const fullMemoryShare = 0.75;

/**
 * Shares of a limit at which a pool closes, and below which it opens again. Memory closes at three quarters: at maxmemory itself
 * Redis refuses other keys' writes too, and accepted tasks need room to end. Without the gap each task that ends would open the pool for one.
 */
const bounds = {
  memory: { close: fullMemoryShare, open: 0.7 },
  tasks: { close: 1, open: 0.9 },
  age: { close: 1, open: 0.9 },
} as const;

/** Decides whether a pool takes new tasks: null when it does. Memory is told before tasks, and tasks before age. */
export function fullness(before: Fullness | null, load: PoolLoad): Fullness | null {
  const shares = {
    memory: share(load.usedBytes, load.maxBytes),
    tasks: share(load.waitingTasks, load.maxWaitingTasks ?? 0),
    age: share(load.oldestAgeMs, load.maxWaitingAgeMs ?? 0),
  };
  return fullnessKinds.find((why) => shares[why] >= bounds[why][before === why ? 'open' : 'close']) ?? null;
}

function share(used: number, limit: number): number {
  return limit > 0 ? used / limit : 0;
}
