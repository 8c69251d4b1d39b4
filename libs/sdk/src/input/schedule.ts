import { checked, type Duration, duration, durationMs, problemsOf } from '@shunt/input';
import { invalidInput } from '@shunt/lanes';
import { z } from 'zod';
import type { EnqueueOptions } from './enqueue-options.js';
import { poolNameProblem } from './ids.js';

/** When a schedule's tasks are due: every so often, or by a cron expression. */
export type Timing =
  | {
      /** From 10 ms to 365 days, first at once and then by multiples of it. */
      readonly every: Duration;
    }
  | {
      /** Five fields, six with seconds first, or an alias such as `@daily`. */
      readonly cron: string;
      /** Name of a time zone, such as `Europe/Berlin`. Defaults to `UTC`. */
      readonly tz?: string | undefined;
    };

/** What the tasks of a schedule are like. Tasks that repeat have no id, delay or deduplication of their own. */
export type ScheduleOptions = Omit<EnqueueOptions, 'id' | 'delay' | 'dedup'>;

const notForSchedules = ['id', 'delay', 'dedup'];
const cronForm = "must be a cron expression of five fields, six with seconds first, or an alias such as '@daily'";

const timing = z
  .strictObject({
    every: duration({ minMs: 10 }).optional(),
    cron: checked<string>(cronFormProblem).optional(),
    tz: checked<string>(zoneNameProblem).optional(),
  })
  .superRefine(({ every, cron, tz }, ctx) => {
    const refuse = (field: string, message: string) => ctx.addIssue({ code: 'custom', path: [field], message });
    if ((every === undefined) === (cron === undefined)) refuse('every', 'or cron must be given, and not both');
    if (every !== undefined && tz !== undefined) refuse('tz', 'is for cron only');
  });

/** Checks the id of a schedule. @throws ShuntError INVALID_INPUT naming id */
export function assertScheduleId(id: unknown): asserts id is string {
  // It is spelled raw inside keys, beside the times of its tasks.
  const message = poolNameProblem(id);
  if (message !== null) throw invalidInput([{ field: 'id', message }]);
}

/** Checks when a schedule is due, and what options it has besides those of `enqueue`. @throws ShuntError INVALID_INPUT naming each bad field */
export function checkedTiming(value: unknown, options: ScheduleOptions) {
  const problems = problemsOf(timing as never, value, 'timing');
  const foreign = notForSchedules.filter((name) => (options as Record<string, unknown> | null)?.[name] !== undefined);
  const all = [...problems, ...foreign.map((name) => ({ field: name, message: 'is not an option of a schedule' }))];
  if (all.length > 0) throw invalidInput(all);
  const { every, cron, tz } = value as { every?: Duration; cron?: string; tz?: string };
  return every === undefined ? { cron, tz: tz ?? 'UTC' } : { everyMs: durationMs(every) };
}

function cronFormProblem(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 256) return cronForm;
  const fields = value.trim().split(/\s+/).length;
  return value.startsWith('@') || fields === 5 || fields === 6 ? null : cronForm;
}

function zoneNameProblem(value: unknown): string | null {
  const message = 'must be the name of a time zone, such as Europe/Berlin';
  if (typeof value !== 'string' || value === '') return message;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return null;
  } catch {
    return message;
  }
}
