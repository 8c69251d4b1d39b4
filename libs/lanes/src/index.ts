export { type AgentPage, type ListedAgent, listAgents } from './agent-list.js';
export {
  type PinKind,
  type PinOrder,
  pauseAgent,
  pinAgent,
  releaseAgent,
  resumeAgent,
  unpinAgent,
} from './agent-orders.js';
export { type AgentPause, type AgentPin, type AgentRecord, readAgent } from './agent-record.js';
export type { AgentRelease } from './agent-releases.js';
export { type AgentStatus, agentStatus } from './agent-status.js';
export { type AlertStatus, alertStatuses, type KeptAlerts, readKept } from './alerts/alert-store.js';
export { type AlertNotice, NoticeBoard } from './alerts/notice-board.js';
export { type AuditEntry, type AuditRecord, auditPage, writeAudit } from './audit.js';
export {
  type CancelOptions,
  type CancelOutcome,
  cancel,
  cancelledReason,
  cancelledRunningReason,
  cancelOutcomeOf,
  isCancelled,
} from './cancel.js';
export type { CappedBackoff } from './capped-backoff.js';
export { type Checkup, checkup } from './checkup.js';
export {
  longestBlockMs,
  openPatientRedis,
  openRedis,
  placeOfRedis,
  type RedisTarget,
  silenceMs,
} from './connection.js';
export { Dispatcher, type DispatcherOptions } from './dispatcher.js';
export { type DrainTimes, drainBoundsMs } from './drain-times.js';
export type { EmittedBatch } from './emit.js';
export { endsWithin } from './ends-within.js';
export { type EnqueueOutcome, type EnqueueReply, enqueueBatch, type NewTask, type TaskAffinity } from './enqueue.js';
export type { HealthChecksOptions } from './health-checks.js';
export type { AgentOfTask } from './held-tasks.js';
export {
  isRare,
  type JournalEntry,
  type JournalFilter,
  type JournalPage,
  journalBehind,
  journalPage,
} from './journal.js';
export { KEY_PREFIX, type PoolKeys, poolKeys, queueNameOf } from './keys.js';
export { type Labels, labelsOfKey } from './labels-key.js';
export { type EvictionPlan, evictionPlan, evictWaiting } from './lane-eviction.js';
export { cancelledSignal, LaneWorker, leaseLostReason } from './lane-worker.js';
export type { LaneWorkerOptions } from './lane-worker-options.js';
export { type OldestTask, oldestAgeMs, oldestTask } from './lateness.js';
export { leaderOf } from './leader.js';
export { endedIn, LoadCounters, type LoadCounts } from './load-counters.js';
export { type Placement, promote, shunt, stateOf, type TaskState } from './moves.js';
export type { NamedOrderer, Orderer } from './orderer.js';
export { ownId } from './own-id.js';
export { checkPoolConfig } from './pool-config/check-config.js';
export {
  type ChangedConfig,
  type ChangeOptions,
  type ConfigChanges,
  changePoolConfig,
  changesBetween,
  configuredFile,
  type KeyChange,
  plannedPoolConfig,
  readPoolConfig,
  type VersionedConfig,
} from './pool-config/config-store.js';
export { type Live, PoolConfigWatcher } from './pool-config/config-watcher.js';
export { flatConfig, type HotKey, hotKeys, nestedConfig } from './pool-config/flat-config.js';
export type { PoolConfig, PoolConfigInput } from './pool-config/hot-keys.js';
export { poolsOf } from './pool-names.js';
export {
  carriesAll,
  type PoolStats,
  type PoolTotals,
  poolStats,
  poolTotals,
  type QueueState,
  type WorkerStats,
  warmRatio,
  workersWithLanes,
} from './pool-stats.js';
export type { PullPolicy, PullState } from './pull-tuner.js';
export { inWords, redisAway } from './redis-away.js';
export { isTooOld, oldestRedis } from './redis-fitness.js';
export {
  heartbeat,
  join,
  type LoadReport,
  type Registration,
  type WorkerRecord,
  type WorkerState,
  workerState,
  workersOf,
} from './registry.js';
export { type RerunOutcome, rerun } from './rerun.js';
export { type ResponseTimes, responseTimes, type Spread } from './response-times.js';
export { allRuns, type RunTimes, runBoundsMs } from './run-times.js';
export { ScaleDriver, type Scaler } from './scaling/scale-driver.js';
export { loadTasks } from './scaling/scale-facts.js';
export { type ScaleStatus, scaleStatus } from './scaling/scale-status.js';
export { maxWorkers, type PoolScale, readScale, wishScale } from './scaling/scale-store.js';
export { type NewSchedule, type ScheduleRecord, ScheduleStore } from './schedules.js';
export { runScript, type ScriptName } from './script-runner.js';
export { isSentinelUrl, sentinelOptions, sentinelUrlForm } from './sentinel-url.js';
export type { ShadowCounts } from './shadow-decisions.js';
export {
  type FieldProblem,
  invalidConfig,
  invalidInput,
  invalidTask,
  isShuntError,
  ShuntError,
  type ShuntErrorCode,
  type ShuntErrorDetails,
  shuntErrorCodes,
} from './shunt-error.js';
export { redisTimeMs } from './store-clock.js';
export type { StrategyOptions } from './strategy-choice.js';
export { agentIdOf } from './task-agents.js';
export { readTaskFacts, type TaskFacts } from './task-facts.js';
export {
  agentKeyIn,
  decodeAgentKey,
  encodeAgentId,
  encodeIdPart,
  idPartProblem,
  makeTaskId,
  maxIdPartBytes,
  type UniqueSource,
  uniqueParts,
} from './task-id.js';
export { type ListedTask, listedStates, listTasks, type TaskFilter, type TaskPage } from './task-list.js';
export { type Metadata, taskMetadata, taskMetadataIn } from './task-metadata.js';
export { activeTracer, agentInId, contextOf, metadataOf, taskAttributes } from './tracing.js';
export { type Affinity, affinities, allWaits, type WaitTimes, waitBoundsMs } from './wait-times.js';
export {
  type BreakerFacts,
  breakerFacts,
  type DrainProgress,
  drain,
  drainProgress,
  mayReceive,
  orderBreaker,
  undrain,
} from './worker-orders.js';
