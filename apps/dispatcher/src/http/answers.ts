/** The types of answers, for the page that asks: nothing here exists when it runs. */
export type { HistoryPoint, LiveAll, LiveTick, Overview, WorkerRow } from '../live/live-event.js';
export type { Problem } from './problem.js';
export type { AgentBody, AgentsBody } from './routes/agents.js';
export type { ExplanationBody } from './routes/explain.js';
export type { JournalBody } from './routes/journal.js';
export type { Me } from './routes/me.js';
export type { AuditBody, PoolBody } from './routes/pool.js';
export type { ScaleBody } from './routes/scale.js';
export type { TasksBody } from './routes/task-list.js';
export type { EndingBody } from './routes/tasks.js';
export type { DrainBody, EvictBody, WorkerBody } from './routes/workers.js';
export type { TaskBody } from './types.js';
