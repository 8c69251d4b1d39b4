export {
  type CancelOutcome,
  type FieldProblem,
  isShuntError,
  type RedisTarget,
  ShuntError,
  type ShuntErrorCode,
  shuntErrorCodes,
} from '@shunt/lanes';
export {
  type ConnectOptions,
  connect,
  type EnqueueItem,
  type EnqueueResult,
  Shunt,
  type TaskMap,
} from './client.js';
export { type Duration, durationMs, durationProblem, formatDuration } from './input/duration.js';
export type { Backoff, Dedup, EnqueueOptions, Keep, KeepBounds } from './input/enqueue-options.js';
export { nearestName } from './input/nearest-name.js';
export { TaskHandle, type TaskStatus } from './task-handle.js';
export {
  createWorker,
  type Handler,
  type ShuntWorker,
  type TaskContext,
  Terminal,
  type WorkerOptions,
} from './worker.js';
