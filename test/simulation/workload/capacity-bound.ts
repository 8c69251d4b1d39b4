import { zipfShares } from '@shunt/workload';

/** A fleet whose tasks take longer where their agent's state is not, and its agents, popular by Zipf's law of exponent 1. */
export interface WarmColdFleet {
  readonly workers: number;
  /** Of each worker. */
  readonly slots: number;
  readonly agents: number;
  /** `room`: agents whose state a worker holds. */
  readonly costs: { readonly warmMs: number; readonly coldMs: number; readonly room: number };
  /** Share of a slot, warm, that no agent asks for more than. */
  readonly slotShare: number;
}

/** Tasks per second at which all slots are busy, by what is warm. Queues and serial agents ask for room beside: what a pool sustains is below. */
export interface CapacityBounds {
  /** The most popular agents are always warm, as many as all workers have room for: no dispatcher that does not know the future has more. */
  readonly popular: number;
  /** The agents served last are warm, as many as all workers have room for. */
  readonly recent: number;
  /** Each task goes to any worker, which drops what it used least recently. A state stays good while other workers run its agent. */
  readonly shared: number;
  /** The same where a state is worth nothing once another worker has run its agent, and takes no room from then on. */
  readonly sharedAlone: number;
}

/** The bounds of a fleet, tasks being independent of each other. */
export function capacityBounds(fleet: WarmColdFleet): CapacityBounds {
  const { workers, costs } = fleet;
  const room = workers * costs.room;
  return {
    popular: fullRate(fleet, (shares) => warmOfPopular(shares, room)),
    recent: fullRate(fleet, (shares) => warmOfRecent(shares, room)),
    // Each worker sees all agents in the same proportions.
    shared: fullRate(fleet, (shares) => warmOfRecent(shares, costs.room)),
    // Each state is on one worker: together they hold what one of the whole room would, and a task meets its own by chance.
    sharedAlone: fullRate(fleet, (shares) => warmOfRecent(shares, room) / workers),
  };
}

/** Share of tasks that are warm where the most popular agents always are. shares: of each agent, the most popular first. */
export function warmOfPopular(shares: Float64Array, room: number): number {
  return sum(shares.subarray(0, room));
}

/**
 * Share of tasks that are warm where the least recently used state is dropped: an agent's is there unless more others than there is room for
 * came since, which takes the same time whoever asks (Che, Tung & Wang 2002; Fricker, Robert & Roberts 2012).
 */
export function warmOfRecent(shares: Float64Array, room: number): number {
  if (room >= shares.length) return 1;
  const held = (tasks: number) => shares.map((share) => -Math.expm1(-share * tasks));
  let most = 1;
  while (sum(held(most)) < room) most *= 2;
  const within = held(crossing(0, most, (tasks) => sum(held(tasks)) < room));
  return sum(shares.map((share, rank) => share * (within[rank] as number)));
}

/** The rate at which all slots are busy. The higher it is, the lower the agents are cut, and the fewer tasks are warm. */
function fullRate(
  { workers, slots, agents, costs, slotShare }: WarmColdFleet,
  warmOf: (shares: Float64Array) => number,
): number {
  const { warmMs, coldMs } = costs;
  const busySlots = (ratePerSecond: number) => {
    const capShare = Math.min(1, (slotShare * 1000) / (ratePerSecond * warmMs));
    const warm = warmOf(zipfShares({ agents, capShare }));
    return (ratePerSecond / 1000) * (warm * warmMs + (1 - warm) * coldMs);
  };
  const rateAt = (ms: number) => (workers * slots * 1000) / ms;
  return crossing(rateAt(coldMs), rateAt(warmMs), (rate) => busySlots(rate) < workers * slots);
}

/** Where a condition that holds from `low` on ends before `high`. */
function crossing(low: number, high: number, holds: (value: number) => boolean): number {
  for (let halved = 0; halved < 50; halved++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
