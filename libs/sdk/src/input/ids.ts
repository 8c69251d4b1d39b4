import { formatPath, orRequired } from '@shunt/input';
import { type FieldProblem, idPartProblem, invalidTask } from '@shunt/lanes';

/** Longest task name: it becomes a metric label and a column. */
export const maxTaskNameChars = 128;

/** Longest id of a task to look up: both halves of Shunt's own, and room for those of other producers. */
const maxTaskIdChars = 1_024;

/** Most labels of a task or worker: each costs a comparison per placement. */
export const maxLabels = 32;

/** Longest name and value of a label, as in Kubernetes. */
export const maxLabelChars = 63;

/** Longest value of a task's metadata. */
const maxMetadataChars = 256;

const plainName = /^[A-Za-z0-9_.-]{1,64}$/;
const labelName = /^[A-Za-z0-9](?:[A-Za-z0-9_./-]{0,61}[A-Za-z0-9])?$/;
const controlCharacter = /\p{Control}/u;
const loneSurrogate = /\p{Surrogate}/u;

/**
 * Says why a value is no agent id, idempotency id or deduplication key, or null when it is one; never holds the value.
 *
 * Any text without control characters that is at most 256 bytes once percent-encoded; reserved words are fine, since no
 * user's text is ever a raw job id.
 */
export function idProblem(value: unknown): string | null {
  return textProblem(value) ?? idPartProblem(value as string);
}

/** Says why a value is no task name, or null when it is one: text of 1 to 128 characters, none of them a control. */
export function taskNameProblem(value: unknown): string | null {
  return textProblem(value) ?? lengthProblem(value as string, maxTaskNameChars) ?? wholeProblem(value as string);
}

/** Says why a value is no pool name, or null when it is one. Stricter than ids: it is spelled raw inside every key. */
export function poolNameProblem(value: unknown): string | null {
  return plainNameProblem(value);
}

/** Says why a value is no worker id, or null when it is one. It is spelled raw inside keys as well. */
export function workerIdProblem(value: unknown): string | null {
  return plainNameProblem(value);
}

/** What is wrong with one label, by its name; with all of them where it names none. */
export interface LabelIssue {
  readonly path: readonly string[];
  readonly message: string;
}

/** Lists what is wrong with labels; empty when they are a plain record of at most 32 short texts. */
export function labelIssues(value: unknown): readonly LabelIssue[] {
  return textIssues(value, labelValueProblem);
}

/** Lists what is wrong with the metadata of a task; empty when it is a plain record of at most 32 texts. */
export function metadataIssues(value: unknown): readonly LabelIssue[] {
  return textIssues(value, metadataValueProblem);
}

function textIssues(value: unknown, problemOf: (value: unknown) => string | null): readonly LabelIssue[] {
  if (!isRecord(value)) return [{ path: [], message: 'must be an object of texts' }];
  const names = Object.keys(value);
  if (names.length > maxLabels) return [{ path: [], message: `must have at most ${maxLabels} entries` }];
  return names.flatMap((name) => {
    const message = labelName.test(name) ? problemOf(value[name]) : 'is not a label name';
    return message === null ? [] : [{ path: [name], message }];
  });
}

/** The same with the fields named. */
export function labelsProblems(value: unknown): readonly FieldProblem[] {
  return labelIssues(value).map(({ path, message }) => ({ field: formatPath('labels', path), message }));
}

/** Checks an agent id. @throws ShuntError INVALID_TASK naming agentId. */
export function assertAgentId(value: unknown): asserts value is string {
  refuse('agentId', value, idProblem(value));
}

/** Checks a caller's idempotency id. @throws ShuntError INVALID_TASK naming id. */
export function assertIdempotencyId(value: unknown): asserts value is string {
  refuse('id', value, idProblem(value));
}

/** Checks a task name. @throws ShuntError INVALID_TASK naming task. */
export function assertTaskName(value: unknown): asserts value is string {
  refuse('task', value, taskNameProblem(value));
}

/** Says why a value cannot be the id of a task, of whichever producer, or null when it can. */
export function taskIdProblem(value: unknown): string | null {
  return textProblem(value) ?? lengthProblem(value as string, maxTaskIdChars);
}

/** Checks the id of a task that may exist. @throws ShuntError INVALID_TASK naming id. */
export function assertTaskId(value: unknown): asserts value is string {
  refuse('id', value, taskIdProblem(value));
}

/** Checks the id of a worker. @throws ShuntError INVALID_TASK naming worker. */
export function assertWorkerId(value: unknown): asserts value is string {
  refuse('worker', value, workerIdProblem(value));
}

/** Checks labels. @throws ShuntError INVALID_TASK naming each bad label. */
export function assertLabels(value: unknown): asserts value is Readonly<Record<string, string>> {
  const problems = labelsProblems(value);
  if (problems.length > 0) throw invalidTask(problems);
}

function plainNameProblem(value: unknown): string | null {
  if (typeof value === 'string' && plainName.test(value)) return null;
  return 'must be 1 to 64 characters of A-Z, a-z, 0-9, dot, dash and underscore';
}

function refuse(field: string, value: unknown, message: string | null): void {
  if (message !== null) throw invalidTask([{ field, message: orRequired(value, message) }]);
}

function textProblem(value: unknown): string | null {
  if (typeof value !== 'string') return 'must be a string';
  // Only the start is searched: what is longer is refused for its length.
  const start = value.length > 1_024 ? value.slice(0, 1_024) : value;
  return controlCharacter.test(start) ? 'must not contain control characters' : null;
}

function lengthProblem(text: string, maxChars: number): string | null {
  return text.length >= 1 && text.length <= maxChars ? null : `must be 1 to ${maxChars} characters`;
}

function wholeProblem(text: string): string | null {
  return loneSurrogate.test(text) ? 'must be whole Unicode text, without lone surrogates' : null;
}

function labelValueProblem(value: unknown): string | null {
  return textProblem(value) ?? lengthProblem(value as string, maxLabelChars) ?? wholeProblem(value as string);
}

function metadataValueProblem(value: unknown): string | null {
  const long = typeof value === 'string' && value.length > maxMetadataChars;
  return (
    textProblem(value) ?? (long ? `must be at most ${maxMetadataChars} characters` : wholeProblem(value as string))
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isRecordPrototype(value);
}

function isRecordPrototype(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
