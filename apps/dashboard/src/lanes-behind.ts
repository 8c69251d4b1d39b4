import type { LiveWorker } from './api/types.js';

/** A lane in which tasks wait. */
export interface LaneBehind {
  readonly worker: LiveWorker;
  /** How long its worker needs for what waits, at its present pace; null for one that takes nothing, or of which no attempt has ended. */
  readonly clearsInMs: number | null;
}

/** The lanes in which tasks wait, the latest first: those of which nobody can say when, then by time, then by depth. */
export function lanesBehind(workers: readonly LiveWorker[]): readonly LaneBehind[] {
  return workers
    .filter(({ waiting }) => waiting > 0)
    .map((worker) => ({ worker, clearsInMs: clearsInMs(worker) }))
    .sort((a, b) => {
      const [x, y] = [a.clearsInMs ?? Number.POSITIVE_INFINITY, b.clearsInMs ?? Number.POSITIVE_INFINITY];
      return x === y ? b.worker.waiting - a.worker.waiting : y - x;
    });
}

function clearsInMs({ state, breaker, slots, waiting, responseMs }: LiveWorker): number | null {
  if (state !== 'up' || breaker === 'open' || responseMs === null || slots === 0) return null;
  return (waiting * responseMs) / slots;
}
