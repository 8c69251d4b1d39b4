export { type AgentPage, type ListedAgent, listAgents } from './agents/agent-list.js';
export {
  type PinKind,
  type PinOrder,
  pauseAgent,
  pinAgent,
  releaseAgent,
  resumeAgent,
  unpinAgent,
} from './agents/agent-orders.js';
export { type AgentPause, type AgentPin, type AgentRecord, readAgent } from './agents/agent-record.js';
export { type AgentStatus, agentStatus } from './agents/agent-status.js';
export { type AlertStatus, alertStatuses, type KeptAlerts, readKept } from './alerts/alert-store.js';
export { type AlertNotice, NoticeBoard } from './alerts/notice-board.js';
export { Dispatcher, type DispatcherOptions } from './dispatcher/dispatcher.js';
export type { HealthChecksOptions } from './dispatcher/health-checks.js';
export { leaderOf } from './dispatcher/leader.js';
export type { PullPolicy, PullState } from './dispatcher/pull-tuner.js';
export { inWords, redisAway } from './dispatcher/redis-away.js';
export type { StrategyOptions } from './dispatcher/strategy-choice.js';
export { endsWithin } from './ends-within.js';
export { KEY_PREFIX, type PoolKeys, poolKeys, queueNameOf } from './keys.js';
export { endedIn, LoadCounters, type LoadCounts } from './load/load-counters.js';
export { type ResponseTimes, responseTimes, type Spread } from './load/response-times.js';
export { allRuns, type RunTimes, runBoundsMs } from './load/run-times.js';
export { type Affinity, affinities, allWaits, type WaitTimes, waitBoundsMs } from './load/wait-times.js';
export { type Placement, promote, shunt, stateOf, type TaskState } from './moves.js';
export type { NamedOrderer, Orderer } from './orderer.js';
export { ownId } from './own-id.js';
export type { ShadowCounts } from './placement/shadow-decisions.js';
export { type AuditEntry, type AuditRecord, auditPage, writeAudit } from './pool/audit.js';
export { type Checkup, checkup } from './pool/checkup.js';
export { type DrainTimes, drainBoundsMs } from './pool/drain-times.js';
export {
  isRare,
  type JournalEntry,
  type JournalFilter,
  type JournalPage,
  journalBehind,
  journalPage,
} from './pool/journal.js';
export { type Labels, labelsOfKey } from './pool/labels-key.js';
export { type EvictionPlan, evictionPlan, evictWaiting } from './pool/lane-eviction.js';
export { type OldestTask, oldestAgeMs, oldestTask } from './pool/lateness.js';
export { isKnownPool, poolsOf } from './pool/pool-names.js';
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
} from './pool/pool-stats.js';
export {
  type BreakerFacts,
  breakerFacts,
  type DrainProgress,
  drain,
  drainProgress,
  mayReceive,
  orderBreaker,
  undrain,
} from './pool/worker-orders.js';
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
export {
  longestBlockMs,
  openPatientRedis,
  openRedis,
  placeOfRedis,
  type RedisTarget,
  silenceMs,
} from './redis/connection.js';
export { isTooOld, oldestRedis } from './redis/redis-fitness.js';
export { runScript, type ScriptName } from './redis/script-runner.js';
export { isSentinelUrl, sentinelOptions, sentinelUrlForm } from './redis/sentinel-url.js';
export { redisTimeMs } from './redis/store-clock.js';
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
export { ScaleDriver, type Scaler } from './scaling/scale-driver.js';
export { loadTasks } from './scaling/scale-facts.js';
export { type ScaleStatus, scaleStatus } from './scaling/scale-status.js';
export { maxWorkers, noteScaler, type PoolScale, readScale, wishScale } from './scaling/scale-store.js';
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
export {
  type CancelOptions,
  type CancelOutcome,
  cancel,
  cancelledReason,
  cancelledRunningReason,
  cancelOutcomeOf,
  isCancelled,
} from './tasks/cancel.js';
export {
  type EnqueueOutcome,
  type EnqueueReply,
  enqueueBatch,
  type NewTask,
  type TaskAffinity,
} from './tasks/enqueue.js';
export { listedStates } from './tasks/listed-states.js';
export { type RerunOutcome, rerun } from './tasks/rerun.js';
export { type NewSchedule, type ScheduleRecord, ScheduleStore } from './tasks/schedules.js';
export { agentIdOf } from './tasks/task-agents.js';
export { readTaskFacts, type TaskFacts } from './tasks/task-facts.js';
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
} from './tasks/task-id.js';
export { type ListedTask, listTasks, type TaskFilter, type TaskPage } from './tasks/task-list.js';
export { type Metadata, taskMetadata, taskMetadataIn } from './tasks/task-metadata.js';
export { activeTracer, agentInId, contextOf, metadataOf, taskAttributes } from './tasks/tracing.js';
export type { AgentRelease } from './worker/agent-releases.js';
export type { CappedBackoff } from './worker/capped-backoff.js';
export type { EmittedBatch } from './worker/emit.js';
export type { AgentOfTask } from './worker/held-tasks.js';
export { cancelledSignal, LaneWorker, leaseLostReason } from './worker/lane-worker.js';
export type { LaneWorkerOptions } from './worker/lane-worker-options.js';
