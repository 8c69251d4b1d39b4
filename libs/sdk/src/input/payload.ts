import { formatPath } from '@shunt/input';
import { type FieldProblem, invalidTask, ShuntError } from '@shunt/lanes';
import { findPayloadProblem, type PayloadProblem } from './payload-problem.js';

/** Bounds a payload, in bytes of UTF-8 JSON, unless the caller configures another limit: 256 KiB. */
export const defaultMaxPayloadBytes = 256 * 1024;

/** Bounds what maxBytes may be set to: 1 MiB. Redis copies a payload several times per task; larger ones belong in a store. */
export const hardMaxPayloadBytes = 1024 * 1024;

/** Says why a value is no largest payload, or null when it is one. */
export function maxBytesProblem(value: unknown): string | null {
  const isRight = Number.isInteger(value) && (value as number) >= 1 && (value as number) <= hardMaxPayloadBytes;
  return isRight ? null : `must be a whole number of bytes from 1 to ${hardMaxPayloadBytes}`;
}

/** A lone surrogate as JSON.stringify writes it; also matches text that holds this escape, hence only a hint. */
const maybeLoneSurrogate = /\\ud[89a-f]/;

/** A value as JSON, or why it cannot be told in JSON. */
export type JsonCheck =
  | { readonly json: string }
  | { readonly problem: FieldProblem; readonly kind: 'invalid' | 'too-large' };

/**
 * Turns a value into JSON, and refuses whatever JSON would change, drop or choke on. A problem names the path
 * (`input.steps[3].when`) and never holds a value.
 *
 * Accepted: null, booleans, finite numbers, strings, and plain objects and arrays of them, 512 levels deep at most.
 * A property whose value is undefined is left out, as JSON.stringify does; an undefined item of an array is refused.
 * Costs 1 us for a typical payload of 200 bytes, twice the bare JSON.stringify.
 *
 * @param root how to name the value itself
 */
export function checkJson(value: unknown, root: string, maxBytes: number): JsonCheck {
  const problem = findPayloadProblem(value, { maxBytes, checksText: false });
  if (problem) return refusal(problem, root, maxBytes);
  const json = stringify(value);
  if (json === undefined) {
    return { problem: { field: root, message: 'could not be turned into JSON' }, kind: 'invalid' };
  }
  // A UTF-16 unit is at most 3 bytes, so short texts need no counting.
  if (json.length * 3 > maxBytes && new TextEncoder().encode(json).length > maxBytes) {
    return refusal({ kind: 'too-large' }, root, maxBytes);
  }
  const textProblem = maybeLoneSurrogate.test(json) && findPayloadProblem(value, { maxBytes, checksText: true });
  return textProblem ? refusal(textProblem, root, maxBytes) : { json };
}

/**
 * Turns a task's input into JSON, as {@link checkJson} does.
 *
 * @throws ShuntError INVALID_TASK naming the path, or PAYLOAD_TOO_LARGE; never holds a value of the payload
 */
export function assertPayload(value: unknown, maxBytes: number): string {
  const checked = checkJson(value, 'input', maxBytes);
  if ('json' in checked) return checked.json;
  if (checked.kind === 'invalid') throw invalidTask([checked.problem]);
  const message = `Payload too large: input ${checked.problem.message}`;
  throw new ShuntError('PAYLOAD_TOO_LARGE', message, { details: [checked.problem] });
}

function refusal(problem: PayloadProblem, root: string, maxBytes: number): JsonCheck {
  const { kind } = problem;
  if (kind === 'invalid') return { problem: { field: formatPath(root, problem.path), message: problem.message }, kind };
  return { problem: { field: root, message: `must have at most ${maxBytes} bytes as JSON` }, kind };
}

/** Only a getter or proxy that changed since the walk makes it fail; its error may quote the payload. */
function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
