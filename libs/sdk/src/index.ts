export { type Candidate, type PlacementTask, type Strategy, strategy } from '@shunt/balancing';
export { type Duration, durationMs, durationProblem, formatDuration, nearestName, zoneProblem } from '@shunt/input';
export {
  type AgentPage,
  type AgentPause,
  type AgentPin,
  type AgentRecord,
  type AlertStatus,
  type AuditEntry,
  type AuditRecord,
  type CancelOptions,
  type CancelOutcome,
  type ConfigChanges,
  Dispatcher,
  type DispatcherOptions,
  type DrainProgress,
  type EvictionPlan,
  type FieldProblem,
  invalidConfig,
  invalidInput,
  isSentinelUrl,
  isShuntError,
  type JournalEntry,
  type JournalPage,
  LaneWorker,
  type LaneWorkerOptions,
  type ListedAgent,
  type ListedTask,
  listedStates,
  type PoolConfig,
  type PoolConfigInput,
  type PoolStats,
  type RedisTarget,
  type RerunOutcome,
  type ResponseTimes,
  type ScaleStatus,
  ShuntError,
  type ShuntErrorCode,
  type Spread,
  sentinelOptions,
  sentinelUrlForm,
  shuntErrorCodes,
  type TaskPage,
  type VersionedConfig,
  type WorkerStats,
} from '@shunt/lanes';
export type { AgentStatus, Agents, ListAgentsOptions, PinOptions } from './client/agents.js';
export type { Alerts } from './client/alerts.js';
export { Shunt } from './client/client.js';
export { connect } from './client/connect.js';
export type { ConnectOptions } from './client/connect-options.js';
export type { JournalOptions, Pool, SetConfigOptions } from './client/pool.js';
export type { Schedule, Schedules } from './client/schedules.js';
export type {
  EnqueueResult,
  ListTasksOptions,
  ShuntClient,
  TaskFollower,
  WorkerSummary,
  WorkersClient,
} from './client/shunt-client.js';
export type { StreamEntry } from './client/stream-feed.js';
export type { Workers } from './client/workers.js';
export type { HttpConnectOptions } from './http/http-options.js';
export type { BreakerOptions } from './input/breaker.js';
export type { Backoff, Dedup, EnqueueOptions, Keep, KeepBounds, RetryOn } from './input/enqueue-options.js';
export {
  idProblem,
  labelsProblems,
  poolNameProblem,
  taskIdProblem,
  taskNameProblem,
  workerIdProblem,
} from './input/ids.js';
export { enqueueOptionsSchema } from './input/options-schema.js';
export type { OrderOptions } from './input/order-options.js';
export type { ScheduleOptions, Timing } from './input/schedule.js';
export type { InputSchema, InputSchemas } from './input/schemas.js';
export type { AgentOrder } from './plans/agent-plan.js';
export { type BreakerOrder, breakerOrders } from './plans/breaker-plan.js';
export type { ConfigPlan } from './plans/config-plan.js';
export type { RetryPlan } from './plans/retry-plan.js';
export type { ScalePlan } from './plans/scale-plan.js';
export type { Explanation } from './task/explain.js';
export type { TaskEnding } from './task/task-ending.js';
export type { TaskEvent } from './task/task-events.js';
export { type FollowOptions, TaskHandle, type TaskStatus } from './task/task-handle.js';
export type { EnqueueItem, HandlersOf, TaskMap } from './task-map.js';
export type { AgentHooks, CloseReason, ClosingAgent, OpeningAgent } from './worker/agent-states.js';
export { RetryLater, Terminal, WrongWorker } from './worker/handler-error.js';
export type { Handler, TaskContext } from './worker/task-context.js';
export { createWorker, type ShuntWorker, type StopOutcome } from './worker/worker.js';
export type { WorkerOptions } from './worker/worker-options.js';
