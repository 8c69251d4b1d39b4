import type { HistoryPoint, JournalEntry, LiveAll, LiveTick, LiveWorker, Overview } from './types.js';
import { workerOf } from './types.js';

/** What the page knows of the pool. */
export interface LiveState {
  /** `lost` once a stream has ended; what is known is then from before. */
  readonly link: 'connecting' | 'open' | 'lost';
  /** Since when there is no stream, in ms since 1970. */
  readonly lostSinceMs: number | null;
  /** Why there is none. */
  readonly problem: string | null;
  readonly now: Overview | null;
  /** By id. */
  readonly workers: readonly LiveWorker[];
  readonly history: readonly HistoryPoint[];
  /** What seldom happens, newest first. */
  readonly notable: readonly JournalEntry[];
}

/** Before the first event. */
export const unknown: LiveState = {
  link: 'connecting',
  lostSinceMs: null,
  problem: null,
  now: null,
  workers: [],
  history: [],
  notable: [],
};

/** What the charts keep in the browser, in seconds. */
const historySeconds = 1800;
const maxNotable = 200;

/** The state behind an event that tells everything. */
export function withAll(state: LiveState, { now, workers, history, notable }: LiveAll): LiveState {
  const [first] = history;
  const older = first === undefined ? state.history : state.history.filter(([at]) => at < first[0]);
  return {
    link: 'open',
    lostSinceMs: null,
    problem: null,
    now,
    workers: sorted(workers.map(workerOf)),
    history: recent([...older, ...history]),
    notable: [...notable].reverse(),
  };
}

/** The state behind an event that tells what is another. */
export function withTick(state: LiveState, { now, point, workers, gone, notable }: LiveTick): LiveState {
  const changed = new Map(workers.map((row) => [row[0], workerOf(row)]));
  const kept = state.workers.filter(({ id }) => !changed.has(id) && !gone.includes(id));
  return {
    ...state,
    link: 'open',
    now,
    workers: changed.size + gone.length === 0 ? state.workers : sorted([...kept, ...changed.values()]),
    history: point === null ? state.history : recent([...state.history, point]),
    notable: notable.length === 0 ? state.notable : [...[...notable].reverse(), ...state.notable].slice(0, maxNotable),
  };
}

function recent(history: readonly HistoryPoint[]): readonly HistoryPoint[] {
  const end = history.at(-1)?.[0] ?? 0;
  return history.filter(([at]) => at > end - historySeconds);
}

function sorted(workers: readonly LiveWorker[]): readonly LiveWorker[] {
  return [...workers].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }));
}
