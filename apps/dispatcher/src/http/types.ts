import { checked, durationProblem, wholeNumber } from '@shunt/input';
import { listedStates, taskIdProblem } from '@shunt/sdk';
import { z } from 'zod';

/** The id of a task in a path. */
export const taskIdParam = z.strictObject({
  id: checked<string>(taskIdProblem).meta({ type: 'string', description: 'Task id', examples: ['a-42~01J9ZQ'] }),
});

/** A duration in a query: digits are ms there too. */
export const durationText = (maxMs: number, description: string) =>
  checked<string>((value) => durationProblem(asNumber(value), { maxMs })).meta({
    type: 'string',
    description,
    examples: ['30s'],
  });

/** Reads a checked duration of a query. */
export function asNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
}

const reasonMessage = 'must be a text of at most 500 characters';
/** Why somebody asks for a change. */
export const reasonField = z
  .string(reasonMessage)
  .max(500, reasonMessage)
  .meta({ description: 'Why; told in the audit' })
  .optional();

/** The body of an order that may say why. */
export const reasonBody = z.strictObject({ reason: reasonField });

/** A yes or no of a query. */
export const flag = (description: string) =>
  z.enum(['true', 'false'], "must be 'true' or 'false'").meta({ description });

/** The query of an order that may be asked without effect: `dryRun` is not told in the audit. */
export const dryRunQuery = (description: string) => z.strictObject({ dryRun: flag(description).optional() });

/** What an order would do, in the answer to a dry run. */
export const would = z.string().optional().meta({ description: 'What it would do; of a dry run only' });

/** A whole number of a query. */
export const digits = (min: number, max: number, description: string) =>
  checked<string>((value) => {
    const isRight =
      typeof value === 'string' && /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max;
    return isRight ? null : `must be a whole number from ${min} to ${max}`;
  }).meta({ type: 'integer', minimum: min, maximum: max, description });

const streamId = /^\d{1,15}-\d{1,9}$/;
/** The cursor of a page of a stream. */
export const streamCursor = checked<string>((value) =>
  streamId.test(String(value)) ? null : 'must be the cursor of an answer',
).meta({ type: 'string', description: 'Goes on where an answer ended' });

/** Whether a task was made, in an answer. */
export const accepted = z.object({
  id: z.string().meta({ description: 'Task id; also in Location' }),
  deduplicated: z.boolean().meta({ description: 'Whether the task was there already' }),
});

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);
/** A moment in ms since 1970, null before it. */
const moment = count.nullable();

/** What its producer noted of a task. */
export const metadata = z.record(z.string(), z.string()).meta({ description: 'What its producer noted of it' });

/** The worker of a task, in an answer. */
export const taskWorker = z
  .string()
  .meta({ description: 'Of its lane or slot; of one that has ended, the one that ran it last' })
  .optional();

/** A task's state with its facts, in an answer. */
export const taskStatus = z.object({
  id: z.string(),
  state: z.enum(listedStates),
  worker: taskWorker,
  agentId: z.string().nullable().meta({ description: 'Null for a task of no agent' }),
  attemptsMade: count,
  enqueuedAt: moment,
  startedAt: moment,
  finishedAt: moment,
  failedReason: z.string().optional(),
  metadata,
});

/** A task in an answer. */
export type TaskBody = z.output<typeof taskStatus>;
