import { durationMs, problemsOf } from '@shunt/input';
import { type CappedBackoff, invalidTask, type Metadata, type TaskAffinity } from '@shunt/lanes';
import type { JobsOptions, KeepJobs } from 'bullmq';
import type { Backoff, Dedup, EnqueueOptions, Keep, RetryOn } from './enqueue-options.js';
import { idProblem } from './ids.js';
import { enqueueOptionsSchema } from './options-schema.js';

/** Fields that BullMQ or the pool sets, with what a caller should use. */
const ownedFields: Readonly<Record<string, string>> = {
  jobId: 'is set by Shunt: use id',
  deduplication: 'is set by Shunt: use dedup',
  removeOnComplete: 'is set by Shunt: use keep.completed',
  removeOnFail: 'is set by Shunt: use keep.failed',
  timestamp: 'is set by Shunt',
  lifo: 'would break the order within an agent',
  repeat: 'is not an option of a task: use a job scheduler',
  parent: 'is not an option of a task: use a BullMQ FlowProducer',
};

/** A task's options as they are stored: BullMQ's, and what only Shunt's workers know, in ms. */
export interface TaskOptions extends JobsOptions, TaskAffinity {
  readonly ttl?: number;
  readonly timeout?: number;
  readonly retryOn?: RetryOn;
  readonly zone?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly metadata?: Metadata;
  /** Whether a schedule made the task: its data holds the agent beside the input, as its id cannot. */
  readonly scheduled?: boolean;
}

/** How long finished tasks stay by default: completed ones 1 hour, failed ones 7 days, 10,000 of each. */
const defaultKeep = {
  completed: { age: '1h', count: 10_000 },
  failed: { age: '7d', count: 10_000 },
} as const;

/** Checks the options of one task. @throws ShuntError INVALID_TASK naming each bad field, never holding a value. */
export function assertEnqueueOptions(options: unknown): asserts options is EnqueueOptions {
  if (isPlainAgentOnly(options)) return;
  const problems = problemsOf(enqueueOptionsSchema, options, 'options', ownedFields);
  if (problems.length > 0) throw invalidTask(problems);
}

/** What most calls pass, checked without the schema: it costs a hundredth. */
function isPlainAgentOnly(options: unknown): boolean {
  if (typeof options !== 'object' || options === null || Object.getPrototypeOf(options) !== Object.prototype)
    return false;
  const names = Object.keys(options);
  if (names.length === 0) return true;
  return names.length === 1 && names[0] === 'agentId' && idProblem(dataOf(options, 'agentId')) === null;
}

/** A property's value, undefined for a getter: the schema looks at those. */
function dataOf(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value;
}

/** The BullMQ job options of checked enqueue options. */
export function toJobOptions(options: EnqueueOptions): TaskOptions {
  const { attempts, backoff, delay, priority, dedup, keep, ttl, timeout } = options;
  const { retryOn, zone, labels, affinity, spillAfter, affinityTimeout, metadata } = options;
  const delayMs = delay === undefined ? debounceDelay(dedup) : durationMs(delay);
  return {
    attempts: attempts ?? 1,
    ...(backoff === undefined ? {} : { backoff: toBackoff(backoff) }),
    ...(delayMs ? { delay: delayMs } : {}),
    ...(priority ? { priority } : {}),
    ...(ttl === undefined ? {} : { ttl: durationMs(ttl) }),
    ...(timeout === undefined ? {} : { timeout: durationMs(timeout) }),
    ...(retryOn === undefined ? {} : { retryOn }),
    ...(zone === undefined ? {} : { zone }),
    ...(labels === undefined ? {} : { labels }),
    ...(affinity === undefined ? {} : { affinity }),
    ...(spillAfter === undefined ? {} : { spillAfter: durationMs(spillAfter) }),
    ...(affinityTimeout === undefined ? {} : { affinityTimeout: durationMs(affinityTimeout) }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(dedup === undefined ? {} : { deduplication: toDeduplication(dedup) }),
    removeOnComplete: toKeep(keep?.completed ?? defaultKeep.completed),
    removeOnFail: toKeep(keep?.failed ?? defaultKeep.failed),
  };
}

function toBackoff(backoff: number | string | Backoff): CappedBackoff {
  if (typeof backoff !== 'object') return { type: 'fixed', delay: durationMs(backoff) };
  const { type, delay, jitter, max } = backoff;
  const capped = max === undefined ? {} : { max: durationMs(max) };
  return { type, delay: durationMs(delay), ...(jitter === undefined ? {} : { jitter }), ...capped };
}

function toDeduplication({ key, ttl, mode = ttl === undefined ? 'simple' : 'throttle' }: Dedup) {
  if (mode === 'simple') return { id: key };
  const span = { id: key, ttl: durationMs(ttl ?? 0) };
  return mode === 'throttle' ? span : { ...span, extend: true, replace: true };
}

/** A debounced task waits for its span, so that a later one can replace it. */
function debounceDelay(dedup: Dedup | undefined): number {
  return dedup?.mode === 'debounce' ? durationMs(dedup.ttl ?? 0) : 0;
}

function toKeep(keep: Keep): boolean | number | KeepJobs {
  if (typeof keep === 'boolean') return !keep;
  if (typeof keep === 'number') return keep;
  if (typeof keep === 'string') return { age: seconds(keep) };
  const { age, count } = keep;
  return { ...(age === undefined ? {} : { age: seconds(age) }), ...(count === undefined ? {} : { count }) } as KeepJobs;
}

/** BullMQ counts ages in whole seconds. */
function seconds(duration: number | string): number {
  return Math.ceil(durationMs(duration) / 1000);
}
