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
export type { AgentOrder } from './agent-plan.js';
export type { AgentHooks, CloseReason, ClosingAgent, OpeningAgent } from './agent-states.js';
export type { AgentStatus, Agents, ListAgentsOptions, PinOptions } from './agents.js';
export type { Alerts } from './alerts.js';
export { type BreakerOrder, breakerOrders } from './breaker-plan.js';
export { Shunt } from './client.js';
export type { ConfigPlan } from './config-plan.js';
export { connect } from './connect.js';
export type { ConnectOptions } from './connect-options.js';
export type { Explanation } from './explain.js';
export { RetryLater, Terminal, WrongWorker } from './handler-error.js';
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
export type { JournalOptions, Pool, SetConfigOptions } from './pool.js';
export type { RetryPlan } from './retry-plan.js';
export type { ScalePlan } from './scale-plan.js';
export type { Schedule, Schedules } from './schedules.js';
export type {
  EnqueueResult,
  ListTasksOptions,
  ShuntClient,
  TaskFollower,
  WorkerSummary,
  WorkersClient,
} from './shunt-client.js';
export type { StreamEntry } from './stream-feed.js';
export type { Handler, TaskContext } from './task-context.js';
export type { TaskEnding } from './task-ending.js';
export type { TaskEvent } from './task-events.js';
export { type FollowOptions, TaskHandle, type TaskStatus } from './task-handle.js';
export type { EnqueueItem, HandlersOf, TaskMap } from './task-map.js';
export { createWorker, type ShuntWorker, type StopOutcome } from './worker.js';
export type { WorkerOptions } from './worker-options.js';
export type { Workers } from './workers.js';
