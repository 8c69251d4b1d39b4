import { setTimeout as sleep } from 'node:timers/promises';
import { isRare, type JournalEntry } from '@shunt/lanes';
import type { ServerEvent } from '../http/event-stream.js';
import type { HistoryPoint, LiveAll, LiveTick, Overview, WorkerRow } from './live-event.js';
import { figuresOf, pointOf, rowsOf } from './overview.js';
import { Reader } from './reader.js';
import type { Sample } from './sample.js';

/** What a feed looks at. */
export interface LiveFeedOptions {
  /** Looks at the pool behind an entry of the journal; rejects, or is null, while Redis does not answer. */
  readonly look: (lastEntry: string | null) => Promise<Sample | null>;
  /** What is known without Redis. */
  readonly own: () => Pick<Overview, 'workersLost' | 'configVersion' | 'strategy' | 'demo'>;
  /** Told of each look. */
  readonly onSample: (sample: Sample) => void;
}

/** Time between looks: with readers, and without. */
const readMs = 1000;
const unreadMs = 2000;
/** And while Redis does not answer. */
const awayMs = 500;
/** What rates are over, and how long the charts look back. */
const ratesMs = 10_000;
const historyMs = 600_000;
const maxNotable = 100;

/** Looks at a pool once a second, for all readers at once, and tells them what is another. A slow reader is told all anew. */
export class LiveFeed {
  private readonly readers = new Set<Reader>();
  private readonly ended = new AbortController();
  private samples: Sample[] = [];
  private history: HistoryPoint[] = [];
  private notable: JournalEntry[] = [];
  private rows: ReadonlyMap<string, WorkerRow> = new Map();
  private now: Overview | null = null;
  private lastEntry: string | null = null;

  constructor(private readonly options: LiveFeedOptions) {}

  /** Begins to look. */
  start(): void {
    void this.run();
  }

  /** Ends it, and its readers. */
  stop(): void {
    this.ended.abort();
    for (const reader of this.readers) reader.end();
  }

  /** Events for one reader, until the signal aborts. */
  async *events(signal: AbortSignal): AsyncGenerator<ServerEvent> {
    if (this.ended.signal.aborted) return;
    const reader = new Reader(() => this.all(), signal);
    this.readers.add(reader);
    if (this.now !== null) reader.refresh();
    try {
      yield* reader.events();
    } finally {
      this.readers.delete(reader);
    }
  }

  private async run(): Promise<void> {
    while (!this.ended.signal.aborted) {
      const startedMs = performance.now();
      const sample = await this.options.look(this.lastEntry).catch(() => null);
      if (this.ended.signal.aborted) return;
      this.tell(this.note(sample));
      const everyMs = sample === null ? awayMs : this.readers.size > 0 ? readMs : unreadMs;
      const pauseMs = Math.max(0, everyMs - (performance.now() - startedMs));
      await sleep(pauseMs, undefined, { signal: this.ended.signal, ref: false }).catch(() => undefined);
    }
  }

  private note(sample: Sample | null): LiveTick {
    const { own, onSample } = this.options;
    const isUp = sample !== null;
    const sinceMs = this.now?.redis.isUp === isUp ? this.now.redis.sinceMs : Date.now();
    const redis = { isUp, sinceMs };
    if (sample === null) {
      this.now = { ...(this.now ?? nothing), ...own(), atMs: Date.now(), redis };
      return { now: this.now, point: null, workers: [], gone: [], notable: [] };
    }
    onSample(sample);
    const before = this.keep(sample);
    const figures = figuresOf(sample, before);
    const rows = rowsOf(sample, before);
    const workers = [...rows.values()].filter((row) => !isSame(row, this.rows.get(row[0])));
    const gone = [...this.rows.keys()].filter((id) => !rows.has(id));
    const notable = sample.entries.filter(isRare);
    const point = pointOf(figures);
    this.lastEntry = sample.entries.at(-1)?.id ?? this.lastEntry;
    this.notable = [...this.notable, ...notable].slice(-maxNotable);
    this.history = [...this.history.filter(([at]) => at > sample.atMs / 1000 - historyMs / 1000), point];
    this.rows = rows;
    this.now = { ...figures, ...own(), redis };
    return { now: this.now, point, workers, gone, notable };
  }

  /** Keeps a look, and resolves to the one that rates are over. One at which counts went back, as data was lost, begins anew. */
  private keep(sample: Sample): Sample {
    const last = this.samples.at(-1);
    if (last && sample.stats.enqueued < last.stats.enqueued) this.samples = [];
    this.samples = [...this.samples.filter(({ monotonicMs }) => sample.monotonicMs - monotonicMs <= ratesMs), sample];
    return this.samples[0] ?? sample;
  }

  private tell(tick: LiveTick): void {
    if (this.readers.size === 0) return;
    const json = JSON.stringify(tick);
    for (const reader of this.readers) reader.tell(json);
  }

  private all(): string {
    const { rows, history, notable } = this;
    const all: LiveAll = { now: this.now ?? nothing, workers: [...rows.values()], history, notable };
    return JSON.stringify(all);
  }
}

/** Before the first look. */
const nothing: Overview = {
  atMs: 0,
  redis: { isUp: false, sinceMs: 0 },
  leader: null,
  tasks: { intake: 0, yard: 0, lane: 0, mailbox: 0, running: 0, delayed: 0 },
  unserved: 0,
  oldest: null,
  alerts: [],
  enqueuedPerSecond: 0,
  completedPerSecond: 0,
  failedPerSecond: 0,
  errorRatio: null,
  wait: null,
  run: null,
  warmRatio: null,
  totals: { enqueued: 0, completed: 0, failed: 0, cancelled: 0 },
  moves: {},
  workersLost: 0,
  configVersion: 0,
  strategy: '',
  demo: null,
};

function isSame(row: WorkerRow, other: WorkerRow | undefined): boolean {
  return other !== undefined && row.every((value, i) => value === other[i]);
}
