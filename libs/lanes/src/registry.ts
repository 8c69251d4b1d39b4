import type { Redis } from 'ioredis';
import type { PoolKeys } from './keys.js';
import { runScript } from './script-runner.js';

/** One life of a worker. */
export interface WorkerIdentity {
  readonly worker: string;
  readonly incarnation: string;
}

/** What a worker tells about itself when it joins. */
export interface Registration {
  /** Concurrent tasks. */
  readonly slots: number;
  /** Relative capacity. Defaults to 1. */
  readonly weight?: number;
}

/** Load of one heartbeat. */
export interface LoadReport {
  readonly slots: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
}

/** Registers a life of a worker; resolves to the number of tasks an earlier life had left running, now back in its lane. */
export async function join(
  redis: Redis,
  keys: PoolKeys,
  who: WorkerIdentity,
  registration: Registration,
  leaseMs: number,
): Promise<number> {
  const names = ['workers', 'leases', 'incarnations', 'routable'].map(keys.of);
  const args = [keys.prefix, who.worker, who.incarnation, JSON.stringify(registration), leaseMs];
  return Number(await runScript(redis, 'join', names, args));
}

/** Renews the lease; false when another life of this worker id is registered. */
export async function heartbeat(
  redis: Redis,
  keys: PoolKeys,
  who: WorkerIdentity,
  load: LoadReport,
  leaseMs: number,
): Promise<boolean> {
  const names = ['leases', 'incarnations', 'routable', 'load'].map(keys.of);
  return (await runScript(redis, 'heartbeat', names, [who.worker, who.incarnation, leaseMs, JSON.stringify(load)])) === 1;
}

/** Ends a worker's registration. */
export async function leave(redis: Redis, keys: PoolKeys, who: WorkerIdentity): Promise<void> {
  const names = ['workers', 'leases', 'incarnations', 'routable', 'load'].map(keys.of);
  await runScript(redis, 'leave', names, [who.worker, who.incarnation]);
}
