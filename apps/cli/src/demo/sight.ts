import { quantileBoundMs } from '@shunt/health';
import { type PoolStats, waitBoundsMs, warmRatio } from '@shunt/lanes';
import type { Tally } from './replay.js';

/** A replay at one instant. */
export interface Sight {
  readonly stats: PoolStats;
  readonly tally: Readonly<Tally>;
  /** Since the replay began. */
  readonly seconds: number;
  /** Results per second. */
  readonly perSecond: number;
  /** Attempts that ended per second, by worker in the order of `stats.workers`. */
  readonly workersPerSecond: readonly number[];
}

/** How many of the replay's tasks have not come to an end: to be sent, waiting, or running. */
export function openTasks({ stats, tally }: Sight): number {
  const { intake, yard, lane, mailbox, running, delayed } = stats.tasks;
  return tally.total - tally.enqueued - tally.refused + intake + yard + lane + mailbox + running + delayed;
}

/** How many enqueued tasks came to no end and are nowhere any more. */
export function lostTasks(sight: Sight): number {
  const { enqueued, refused, done, failed, total } = sight.tally;
  const unsent = total - enqueued - refused;
  return Math.max(0, enqueued - done - failed - (openTasks(sight) - unsent));
}

/** The warm share for people. */
export function warmShare(stats: Pick<PoolStats, 'warm' | 'cold'>): string {
  const ratio = warmRatio(stats);
  return ratio === null ? '-' : `${(100 * ratio).toFixed(1)} %`;
}

/** Median and 99th percentile of waits, as upper bounds of their histogram buckets: `2 / 50 ms`. */
export function waitsOf(waits: readonly number[]): string {
  const [median, high] = [quantile(waits, 0.5), quantile(waits, 0.99)];
  return median === null || high === null ? '-' : `${median} / ${high} ms`;
}

function quantile(waits: readonly number[], share: number): string | null {
  const boundMs = quantileBoundMs(waits, waitBoundsMs, share);
  if (boundMs === null) return null;
  return boundMs === Number.POSITIVE_INFINITY ? `>${waitBoundsMs.at(-1)}` : `${boundMs}`;
}
