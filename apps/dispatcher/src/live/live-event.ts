import type { AlertStatus, JournalEntry, OldestTask, QueueState } from '@shunt/lanes';
import type { DemoTally } from '../demo-link.js';
import type { SeenState } from '../seen-state.js';

/** A pool at one instant, as all readers of the stream are told it. Rates are over the last 10 s. */
export interface Overview {
  /** By this dispatcher's clock, in ms since 1970. */
  readonly atMs: number;
  readonly redis: {
    readonly isUp: boolean;
    /** Since when, in ms since 1970. */
    readonly sinceMs: number;
  };
  /** Id of the dispatcher that leads, null while none does. */
  readonly leader: string | null;
  readonly tasks: Readonly<Record<QueueState, number>>;
  /** Tasks whose labels no worker carries that may receive. */
  readonly unserved: number;
  /** The task that is late most, and its agent. */
  readonly oldest: (OldestTask & { readonly agentId: string | null }) | null;
  /** Alerts that fire, or will. */
  readonly alerts: readonly AlertStatus[];
  readonly enqueuedPerSecond: number;
  readonly completedPerSecond: number;
  readonly failedPerSecond: number;
  /** Failed attempts of those that ended; null when none has. */
  readonly errorRatio: number | null;
  /** Upper bounds, of tasks that started; null when none has. */
  readonly wait: { readonly p50Ms: number; readonly p99Ms: number } | null;
  /** How long attempts took; null when none has ended. */
  readonly run: { readonly meanMs: number; readonly p50Ms: number; readonly p99Ms: number } | null;
  /** Share of agents' starts that met their state; null when there was none. */
  readonly warmRatio: number | null;
  readonly totals: Readonly<Record<'enqueued' | 'completed' | 'failed' | 'cancelled', number>>;
  /** Agents that left a home since the pool exists, by reason. */
  readonly moves: Readonly<Record<string, number>>;
  /** Workers that stopped beating, as this dispatcher saw. */
  readonly workersLost: number;
  /** Of the pool's configuration, 0 before the first change. */
  readonly configVersion: number;
  readonly strategy: string;
  /** Only of a dispatcher that a demo runs. */
  readonly demo: DemoTally | null;
}

/** One worker: id, state, breaker, slots, running, waiting, attempts a second, response time in ms, error ratio, zone. */
export type WorkerRow = readonly [
  id: string,
  state: SeenState,
  breaker: 'closed' | 'open' | 'half-open',
  slots: number,
  running: number,
  waiting: number,
  perSecond: number,
  responseMs: number | null,
  errorRatio: number,
  zone: string | null,
];

/**
 * What charts are drawn of: seconds since 1970, tasks in intake, yard, lanes, mailboxes, running, delayed, completed and failed a second,
 * median and 99th percentile of waits in ms.
 */
export type HistoryPoint = readonly [
  atSeconds: number,
  intake: number,
  yard: number,
  lane: number,
  mailbox: number,
  running: number,
  delayed: number,
  completed: number,
  failed: number,
  p50Ms: number | null,
  p99Ms: number | null,
];

/** The event `all`: everything, at the start of a stream and behind a gap. */
export interface LiveAll {
  readonly now: Overview;
  readonly workers: readonly WorkerRow[];
  /** Of the last ten minutes, oldest first. */
  readonly history: readonly HistoryPoint[];
  /** What seldom happens, newest last. */
  readonly notable: readonly JournalEntry[];
}

/** The event `tick`: what is another since the event before, once a second. */
export interface LiveTick {
  readonly now: Overview;
  readonly point: HistoryPoint | null;
  /** Workers that are new or changed. */
  readonly workers: readonly WorkerRow[];
  /** Ids of workers that are gone. */
  readonly gone: readonly string[];
  readonly notable: readonly JournalEntry[];
}
