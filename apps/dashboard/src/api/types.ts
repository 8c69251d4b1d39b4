import type { LiveAll, TasksBody, WorkerRow } from '../../../dispatcher/src/http/answers.js';

export type {
  AgentBody,
  AgentsBody,
  AuditBody,
  DrainBody,
  EndingBody,
  EvictBody,
  ExplanationBody,
  HistoryPoint,
  JournalBody,
  LiveAll,
  LiveTick,
  Me,
  Overview,
  PoolBody,
  Problem,
  ScaleBody,
  TaskBody,
  TasksBody,
  WorkerBody,
  WorkerRow,
} from '../../../dispatcher/src/http/answers.js';

/** A task in a list. */
export type ListedTask = TasksBody['tasks'][number];

/** An entry of the journal. */
export type JournalEntry = LiveAll['notable'][number];

/** A worker as the stream tells it, by names. */
export interface LiveWorker {
  readonly id: string;
  readonly state: WorkerRow[1];
  readonly breaker: WorkerRow[2];
  readonly slots: number;
  readonly running: number;
  readonly waiting: number;
  readonly perSecond: number;
  readonly responseMs: number | null;
  readonly errorRatio: number;
  readonly zone: string | null;
}

/** Names what is in a row. */
export function workerOf(row: WorkerRow): LiveWorker {
  const [id, state, breaker, slots, running, waiting, perSecond, responseMs, errorRatio, zone] = row;
  return { id, state, breaker, slots, running, waiting, perSecond, responseMs, errorRatio, zone };
}
