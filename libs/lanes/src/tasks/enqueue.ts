import type { JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { Packr } from 'msgpackr';
import type { PoolKeys } from '../keys.js';
import { runScript } from '../redis/script-runner.js';
import { poolFull } from './gate.js';

/** A task ready to be added: validated, with its final id. */
export interface NewTask {
  /** `<agent key>~<unique part>`. */
  readonly id: string;
  readonly name: string;
  /** Payload as JSON. */
  readonly data: string;
  readonly options: JobsOptions & TaskAffinity;
}

/** How firmly one task waits for its agent's home. */
export interface TaskAffinity {
  /** `strict`: no idle worker takes it while its home lives. `none`: one may at once. `soft`: one may after its patience. Defaults to the pool's. */
  readonly affinity?: 'soft' | 'strict' | 'none';
  /** How long a strict task waits at most, in ms. Defaults to for ever. */
  readonly affinityTimeout?: number;
  /** How long a soft task waits, in ms. Defaults to as the pool has it. */
  readonly spillAfter?: number;
}

/**
 * What became of one task of a batch. `id` is another task's when the deduplication key was taken, and says why the labels
 * cannot be of one that was refused.
 */
export interface EnqueueOutcome {
  readonly outcome: 'added' | 'duplicate' | 'conflict' | 'refused';
  readonly id: string;
}

/** Reply to a batch. */
export interface EnqueueReply {
  /** Id of the last event before the batch: everything about its tasks comes after it. */
  readonly lastEventId: string;
  readonly outcomes: readonly EnqueueOutcome[];
}

const packer = new Packr({ encodeUndefinedAsNil: true, useRecords: false });

/** BullMQ stores these options under short names. */
function stored({ deduplication, telemetry, ...rest }: JobsOptions): Record<string, unknown> {
  if (!deduplication && !telemetry) return rest;
  return {
    ...rest,
    ...(deduplication ? { de: deduplication } : {}),
    ...(telemetry?.metadata ? { tm: telemetry.metadata } : {}),
  };
}

/** A task's own patience as the scripts have it, in ms: -1 for ever, `soft` for that of a soft pool, '' for the pool's. */
function patienceOf({ affinity, affinityTimeout = -1, spillAfter }: TaskAffinity): number | 'soft' | '' {
  if (affinity === undefined || affinity === 'soft') return spillAfter ?? affinity ?? '';
  return affinity === 'none' ? 0 : affinityTimeout;
}

/** A delay or a deduplication key needs BullMQ's own add script, with arguments as it packs them. */
function bullArguments(
  keys: PoolKeys,
  task: NewTask,
  options: object,
  nowMs: number,
): [Buffer | string, Buffer | string] {
  const { delay, deduplication } = task.options;
  if (!delay && !deduplication) return ['', ''];
  const deduplicationKey = deduplication ? keys.of(`de:${deduplication.id}`) : null;
  const args = [keys.prefix, task.id, task.name, nowMs, null, null, null, null, deduplicationKey, null];
  return [packer.pack(args), packer.pack(options)];
}

/**
 * Adds tasks in order and takes them straight to their agents, in one round trip. Sent again with the same `nonce` within
 * a minute it answers as before and adds nothing.
 *
 * @throws ShuntError POOL_FULL when the pool takes no new tasks for now
 */
export async function enqueueBatch(
  redis: Redis,
  keys: PoolKeys,
  nonce: string,
  tasks: readonly NewTask[],
): Promise<EnqueueReply> {
  const nowMs = Date.now();
  const names = ['wait', 'paused', 'meta', 'id', 'completed', 'delayed', 'active', 'events', 'marker'].map(keys.of);
  const args = tasks.flatMap((task) => {
    const options = stored(task.options);
    const [bullArgs, bullOptions] = bullArguments(keys, task, options, nowMs);
    const { priority = 0 } = task.options;
    return [
      task.id,
      task.name,
      task.data,
      JSON.stringify(options),
      priority,
      patienceOf(task.options),
      bullArgs,
      bullOptions,
    ];
  });
  const call = runScript(redis, 'enqueue', names, [keys.prefix, nonce, nowMs, ...args]);
  const reply = await call.catch((error) => answeredBefore(redis, keys, nonce, error));
  const [lastEventId = '0-0', ...pairs] = reply as string[];
  if (lastEventId === 'closed') throw poolFull(String(pairs[0]));
  const outcomes = tasks.map((_, i) => ({
    outcome: pairs[2 * i] as EnqueueOutcome['outcome'],
    id: String(pairs[2 * i + 1]),
  }));
  return { lastEventId, outcomes };
}

/**
 * The answer to a batch whose first sending was answered by a Redis that had room, as one without refuses the second before it
 * looks.
 *
 * @throws the refusal when there was no such answer
 */
async function answeredBefore(redis: Redis, keys: PoolKeys, nonce: string, refusal: Error): Promise<unknown> {
  if (!refusal.message.startsWith('OOM ')) throw refusal;
  const answer = await redis.getBuffer(keys.of(`sent:${nonce}`));
  if (!answer) throw refusal;
  return packer.unpack(answer);
}
