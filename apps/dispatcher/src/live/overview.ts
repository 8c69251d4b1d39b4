import { allRuns, endedIn, type PoolStats, runBoundsMs, waitBoundsMs, warmRatio } from '@shunt/lanes';
import { seenState } from '../seen-state.js';
import type { HistoryPoint, Overview, WorkerRow } from './live-event.js';
import { quantileMs } from './quantile.js';
import type { Sample } from './sample.js';

/** What of an overview one look tells, beside the look that its rates are over. */
export type Figures = Omit<Overview, 'redis' | 'workersLost' | 'configVersion' | 'strategy' | 'demo'>;

/** Reasons for which an agent is bound without having left a home. */
const stays: ReadonlySet<string> = new Set(['new', 'restart', 'returned', 'pinned']);

/** The figures of a look; `before` is an earlier one, the same for the first. */
export function figuresOf(sample: Sample, before: Sample): Figures {
  const { stats, oldest, alerts, atMs, leader } = sample;
  const past = before.stats;
  const grown = (name: 'enqueued' | 'completed' | 'failed' | 'warm' | 'cold') => Math.max(0, stats[name] - past[name]);
  const seconds = (sample.monotonicMs - before.monotonicMs) / 1000;
  const perSecond = (count: number) => (seconds > 0 ? round(count / seconds) : 0);
  const [completed, failed, warm, cold] = [grown('completed'), grown('failed'), grown('warm'), grown('cold')];
  const warmShare = warmRatio({ warm, cold });
  return {
    atMs,
    leader,
    tasks: stats.tasks,
    unserved: stats.unserved,
    oldest,
    alerts,
    enqueuedPerSecond: perSecond(grown('enqueued')),
    completedPerSecond: perSecond(completed),
    failedPerSecond: perSecond(failed),
    errorRatio: completed + failed > 0 ? round(failed / (completed + failed), 1000) : null,
    wait: waitOf(stats, past),
    run: runOf(stats, past),
    warmRatio: warmShare === null ? null : round(warmShare, 1000),
    totals: {
      enqueued: stats.enqueued,
      completed: stats.completed,
      failed: stats.finishedFailed,
      cancelled: stats.cancelled,
    },
    moves: Object.fromEntries(Object.entries(stats.bound).filter(([reason]) => !stays.has(reason))),
  };
}

/** What the charts keep of an overview. */
export function pointOf({ atMs, tasks, completedPerSecond, failedPerSecond, wait }: Figures): HistoryPoint {
  const { intake, yard, lane, mailbox, running, delayed } = tasks;
  const depths = [intake, yard, lane, mailbox, running, delayed] as const;
  const atSeconds = Math.round(atMs / 100) / 10;
  return [atSeconds, ...depths, completedPerSecond, failedPerSecond, wait?.p50Ms ?? null, wait?.p99Ms ?? null];
}

/** A row for each worker, by id. */
export function rowsOf(sample: Sample, before: Sample): Map<string, WorkerRow> {
  const ended = new Map(before.stats.workers.map(({ id, load }) => [id, load === null ? 0 : endedIn(load)]));
  const seconds = (sample.monotonicMs - before.monotonicMs) / 1000;
  const row = (one: PoolStats['workers'][number]): WorkerRow => {
    const { id, breaker, slots, running, waiting, load, zone } = one;
    const count = load === null ? 0 : endedIn(load);
    const perSecond = seconds > 0 ? round(Math.max(0, count - (ended.get(id) ?? count)) / seconds) : 0;
    const responseMs = load?.responseMs == null ? null : round(load.responseMs, 1);
    const errors = round(load?.errorRatio ?? 0, 100);
    return [id, seenState(one), breaker, slots, running, waiting, perSecond, responseMs, errors, zone ?? null];
  };
  return new Map(sample.stats.workers.map((one) => [one.id, row(one)]));
}

/** How long the attempts took that have ended since then. */
function runOf(now: PoolStats, past: PoolStats): Overview['run'] {
  const [all, old] = [allRuns(now.runs), allRuns(past.runs)];
  const counts = grownBy(all.counts, old.counts);
  const ended = counts.reduce((sum, count) => sum + count, 0);
  const [p50Ms, p99Ms] = [quantileMs(counts, runBoundsMs, 0.5), quantileMs(counts, runBoundsMs, 0.99)];
  if (p50Ms === null || p99Ms === null) return null;
  return { meanMs: round(Math.max(0, all.sumMs - old.sumMs) / ended, 1), p50Ms, p99Ms };
}

function waitOf(now: PoolStats, past: PoolStats): Overview['wait'] {
  const counts = grownBy(now.waits, past.waits);
  const [p50Ms, p99Ms] = [quantileMs(counts, waitBoundsMs, 0.5), quantileMs(counts, waitBoundsMs, 0.99)];
  return p50Ms === null || p99Ms === null ? null : { p50Ms, p99Ms };
}

function grownBy(now: readonly number[], past: readonly number[]): number[] {
  return now.map((count, i) => Math.max(0, count - (past[i] ?? 0)));
}

function round(value: number, parts = 10): number {
  return Math.round(value * parts) / parts;
}
