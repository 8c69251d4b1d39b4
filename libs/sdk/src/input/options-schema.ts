import {
  checked,
  duration,
  durationMs,
  durationProblem,
  formatDuration,
  maxDurationMs,
  maxTimerMs,
  wholeNumber,
  zoneProblem,
} from '@shunt/input';
import { z } from 'zod';
import type { Backoff } from './enqueue-options.js';
import { idProblem } from './ids.js';
import { labelsField, metadataField } from './labels-field.js';

/** Highest priority number that BullMQ 6 accepts (PRIORITY_LIMIT of its job.ts). */
export const maxPriority = 2 ** 21 - 1;

/** Most attempts of a task: more is a loop, not a retry. */
export const maxAttempts = 1_000;

/** Most finished tasks that a count may keep. */
const maxKept = 1_000_000_000;

const id = checked<string>(idProblem);
const jitter = z.number('must be a number from 0 to 1').min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1');

const backoff = z
  .strictObject(
    {
      type: z.enum(['fixed', 'exponential'], "must be 'fixed' or 'exponential'"),
      delay: duration(),
      jitter: jitter.optional(),
      max: duration().optional(),
    },
    'must be a duration, or an object of type, delay, jitter and max',
  )
  .superRefine(({ type, delay, max }, ctx) => {
    if (max === undefined) return;
    const refuse = (message: string) => ctx.addIssue({ code: 'custom', path: ['max'], message });
    if (type === 'fixed') refuse('is for an exponential one only');
    else if (durationMs(max) < durationMs(delay)) refuse('must be at least the delay');
  });

const dedup = z
  .strictObject(
    {
      key: id,
      ttl: duration({ minMs: 1 }).optional(),
      mode: z.enum(['simple', 'throttle', 'debounce'], "must be 'simple', 'throttle' or 'debounce'").optional(),
    },
    'must be an object of key, ttl and mode',
  )
  .superRefine(({ mode, ttl }, ctx) => {
    const isSpanned = mode === 'throttle' || mode === 'debounce';
    if (isSpanned && ttl === undefined)
      ctx.addIssue({ code: 'custom', path: ['ttl'], message: `is needed for ${mode}` });
    if (mode === 'simple' && ttl !== undefined)
      ctx.addIssue({ code: 'custom', path: ['ttl'], message: 'is not for simple' });
  });

const keepForms = "must be true, false, a count, an age such as '1h', or an object of age and count";
const bounds = z.strictObject({ age: duration().optional(), count: wholeNumber(0, maxKept).optional() }, keepForms);
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= maxKept;
const keepShort = checked((value) => {
  if (typeof value === 'boolean' || isCount(value)) return null;
  return typeof value === 'string' && durationProblem(value) === null ? null : keepForms;
});

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/** A field with a short form besides its object: the problem named is that of the form the caller used. */
const objectOr = (object: z.ZodType, short: z.ZodType) =>
  z.unknown().superRefine((value, ctx) => {
    const { error } = (isObject(value) ? object : short).safeParse(value);
    for (const issue of error?.issues ?? []) ctx.addIssue(issue as never);
  });

const keep = objectOr(bounds, keepShort);

/** Longest wait before the last retry, null when the backoff does not double without end. */
function lastWaitMs({ attempts = 1, backoff }: { attempts?: number; backoff?: unknown }): number | null {
  if (!isObject(backoff)) return null;
  const { type, delay, max } = backoff as Backoff;
  if (type !== 'exponential' || max !== undefined || durationProblem(delay) !== null) return null;
  return durationMs(delay) * 2 ** Math.max(0, attempts - 2);
}

/** Describes the enqueue options: strict, without transforms. */
export const enqueueOptionsSchema = z
  .strictObject(
    {
      agentId: id.optional(),
      id: id.optional(),
      labels: labelsField.optional(),
      zone: checked<string>(zoneProblem).optional(),
      priority: wholeNumber(0, maxPriority).optional(),
      delay: duration().optional(),
      ttl: duration({ minMs: 1 }).optional(),
      timeout: duration({ minMs: 1, maxMs: maxTimerMs }).optional(),
      attempts: wholeNumber(1, maxAttempts).optional(),
      backoff: objectOr(backoff, duration()).optional(),
      affinity: z.enum(['soft', 'strict', 'none'], "must be 'soft', 'strict' or 'none'").optional(),
      spillAfter: duration().optional(),
      affinityTimeout: duration().optional(),
      retryOn: z.enum(['any', 'home', 'other-worker'], "must be 'any', 'home' or 'other-worker'").optional(),
      dedup: dedup.optional(),
      metadata: metadataField.optional(),
      keep: z
        .strictObject(
          { completed: keep.optional(), failed: keep.optional() },
          'must be an object of completed and failed',
        )
        .optional(),
    },
    'must be a plain object',
  )
  .superRefine((options, ctx) => {
    if (options.affinityTimeout !== undefined && options.affinity !== 'strict')
      ctx.addIssue({ code: 'custom', path: ['affinityTimeout'], message: 'is for strict affinity only' });
    if (options.spillAfter !== undefined && (options.affinity ?? 'soft') !== 'soft')
      ctx.addIssue({ code: 'custom', path: ['spillAfter'], message: 'is for soft affinity only' });
    const waitMs = lastWaitMs(options as { attempts?: number; backoff?: unknown });
    if (waitMs === null || waitMs <= maxDurationMs) return;
    const message = `doubles to more than ${formatDuration(maxDurationMs)} before the last of ${options.attempts} attempts`;
    ctx.addIssue({ code: 'custom', path: ['backoff', 'delay'], message });
  });
