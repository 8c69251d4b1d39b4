import { setTimeout as sleep } from 'node:timers/promises';
import { type PoolStats, poolKeys, poolStats, queueNameOf } from '@shunt/lanes';
import type { Redis } from 'ioredis';
import { CrewFailure } from '../crew/crew-failure.js';
import { Rates } from './rates.js';
import type { Replay } from './replay.js';
import { lostTasks, openTasks, type Sight } from './sight.js';

const refreshMs = 200;
/** A task whose result did not come this long after the pool was empty is lost. */
const lostAfterMs = 10_000;
/** After a stop it looks on for so long at most until each task is found again: the results of some are under way. */
const settleMs = 1000;
/** A Redis that is away for longer ends the demo. */
const patienceMs = 15_000;

/** Where a replay is shown. */
export interface Shown {
  readonly show: (sight: Sight) => void;
  readonly note: (text: string) => void;
}

/**
 * Shows a replay until each of its tasks has ended or is lost, or the signal aborts. Resolves to the last sight of it, null
 * when there was none.
 *
 * @throws CrewFailure when Redis stays away
 */
export async function watch(
  redis: Redis,
  pool: string,
  replay: Replay,
  { show, note }: Shown,
  signal: AbortSignal,
): Promise<Sight | null> {
  const keys = poolKeys(queueNameOf(pool));
  const rates = new Rates();
  const startedMs = performance.now();
  let answeredMs = startedMs;
  let busyMs = startedMs;
  let stoppedMs: number | null = null;
  let sight: Sight | null = null;
  for (;;) {
    if (signal.aborted) stoppedMs ??= performance.now();
    const stats = await poolStats(redis, keys).catch(() => null);
    const nowMs = performance.now();
    if (stats) {
      answeredMs = nowMs;
      sight = sightOf(stats, replay, rates, startedMs, nowMs);
      if (openTasks(sight) > 0) busyMs = nowMs;
      show(sight);
      if (replay.isOver || nowMs - busyMs > lostAfterMs) return sight;
    } else if (nowMs - answeredMs > patienceMs) {
      throw new CrewFailure(`Redis has not answered for ${patienceMs / 1000} s`);
    } else {
      note('Redis does not answer, waiting for it');
    }
    if (stoppedMs !== null && (!stats || sight === null || isSettled(sight, nowMs - stoppedMs))) return sight;
    await sleep(refreshMs, undefined, stoppedMs === null ? { signal } : {}).catch(() => undefined);
  }
}

const isSettled = (sight: Sight, sinceMs: number) => lostTasks(sight) === 0 || sinceMs > settleMs;

function sightOf(stats: PoolStats, { tally }: Replay, rates: Rates, startedMs: number, nowMs: number): Sight {
  const rateOf = ({ id, load }: PoolStats['workers'][number]) => rates.note(id, load?.completed ?? 0, nowMs);
  return {
    stats,
    tally: { ...tally },
    seconds: (nowMs - startedMs) / 1000,
    perSecond: rates.note('', tally.done, nowMs),
    workersPerSecond: stats.workers.map(rateOf),
  };
}
