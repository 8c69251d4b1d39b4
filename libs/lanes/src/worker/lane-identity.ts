import { Cluster, Redis } from 'ioredis';
import { ownId } from '../own-id.js';
import { longestBlockMs, openPatientRedis } from '../redis/connection.js';
import { invalidConfig } from '../shunt-error.js';
import type { LaneBackend } from './lane-backend.js';
import type { LaneWorkerOptions } from './lane-worker-options.js';

/** What a lane worker has before BullMQ's constructor runs. */
export interface Identified {
  readonly worker: string;
  readonly redis: Redis;
  /** Whether the worker opened the connection itself, and has to end it. */
  readonly ownsRedis: boolean;
  /** Holds the worker's backend once BullMQ has made it. */
  readonly backends: LaneBackend[];
}

const workerIdPattern = /^[A-Za-z0-9_.-]{1,64}$/;

/** Names a worker and connects it. @throws ShuntError INVALID_CONFIG naming the option */
export function identify(opts: LaneWorkerOptions): Identified {
  const worker = opts.workerId ?? ownId();
  if (!workerIdPattern.test(worker))
    refuse('workerId', 'must be 1 to 64 characters of A-Z, a-z, 0-9, "_", "." and "-"');
  if (opts.limiter) refuse('limiter', 'is not supported by lane workers: limit in the handler');
  return { worker, ...connect(opts.connection, opts.drainDelay), backends: [] };
}

function connect(connection: unknown, drainDelay = longestBlockMs / 1000): { redis: Redis; ownsRedis: boolean } {
  if (connection instanceof Cluster) {
    refuse('connection', 'must not be a Cluster yet: a pool lives on one node, name that one');
  }
  if (connection instanceof Redis) return { redis: connection, ownsRedis: false };
  if (typeof connection !== 'object' || connection === null) {
    refuse('connection', 'must be { url }, ioredis options or an ioredis instance');
  }
  // BullMQ tells of its errors as long as it has it; the worker may let go of it later.
  const redis = openPatientRedis(connection, drainDelay * 1000).on('error', () => undefined);
  return { redis, ownsRedis: true };
}

function refuse(field: string, message: string): never {
  throw invalidConfig([{ field, message }]);
}
