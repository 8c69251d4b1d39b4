export { KEY_PREFIX, type PoolKeys, poolKeys, queueNameOf } from './keys.js';
export {
  type FieldProblem,
  invalidTask,
  isShuntError,
  ShuntError,
  type ShuntErrorCode,
  type ShuntErrorDetails,
  shuntErrorCodes,
} from './shunt-error.js';
export {
  decodeAgentKey,
  encodeAgentId,
  encodeIdPart,
  idPartProblem,
  makeTaskId,
  maxIdPartBytes,
  parseTaskId,
  type TaskIdParts,
  type UniqueSource,
  uniqueParts,
} from './task-id.js';
