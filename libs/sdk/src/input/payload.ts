import { invalidTask, ShuntError } from '@shunt/lanes';
import { formatPath } from './path.js';
import { findPayloadProblem } from './payload-problem.js';

/** Bounds a payload, in bytes of UTF-8 JSON, unless the caller configures another limit: 256 KiB. */
export const defaultMaxPayloadBytes = 256 * 1024;

/** Bounds what maxBytes may be set to: 1 MiB. Redis copies a payload several times per task; larger ones belong in a store. */
export const hardMaxPayloadBytes = 1024 * 1024;

/** Limits for one payload. */
export interface PayloadLimits {
  /** Most bytes of UTF-8 JSON, 1 to 1,048,576. Defaults to 262,144. */
  readonly maxBytes?: number;
}

/** A lone surrogate as JSON.stringify writes it; also matches text that holds this escape, hence only a hint. */
const maybeLoneSurrogate = /\\ud[89a-f]/;

/**
 * Turns a task's input into JSON, and refuses whatever JSON would change, drop or choke on.
 *
 * Accepted: null, booleans, finite numbers, strings, and plain objects and arrays of them, 512 levels deep at most.
 * A property whose value is undefined is left out, as JSON.stringify does; an undefined item of an array is refused.
 * Costs 1 us for a typical payload of 200 bytes, twice the bare JSON.stringify.
 *
 * @throws ShuntError INVALID_TASK naming the path (`input.steps[3].when`), PAYLOAD_TOO_LARGE, or INVALID_CONFIG for a
 * maxBytes out of range. Never holds a value of the payload.
 */
export function assertPayload(value: unknown, { maxBytes = defaultMaxPayloadBytes }: PayloadLimits = {}): string {
  if (!(Number.isInteger(maxBytes) && maxBytes >= 1 && maxBytes <= hardMaxPayloadBytes)) {
    const message = `must be a whole number of bytes from 1 to ${hardMaxPayloadBytes}`;
    throw new ShuntError('INVALID_CONFIG', `maxBytes ${message}`, { details: [{ field: 'maxBytes', message }] });
  }
  refuseProblem(value, maxBytes, false);
  const json = stringify(value);
  // A UTF-16 unit is at most 3 bytes, so short texts need no counting.
  if (json.length * 3 > maxBytes && Buffer.byteLength(json) > maxBytes) throw tooLarge(maxBytes);
  if (maybeLoneSurrogate.test(json)) refuseProblem(value, maxBytes, true);
  return json;
}

function refuseProblem(value: unknown, maxBytes: number, checksText: boolean): void {
  const problem = findPayloadProblem(value, { maxBytes, checksText });
  if (problem === null) return;
  if (problem.kind === 'too-large') throw tooLarge(maxBytes);
  throw invalidTask([{ field: formatPath('input', problem.path), message: problem.message }]);
}

function stringify(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    // Only a getter or proxy that changed since the walk gets here; its error may quote the payload.
    json = undefined;
  }
  if (json === undefined) throw invalidTask([{ field: 'input', message: 'could not be turned into JSON' }]);
  return json;
}

function tooLarge(maxBytes: number): ShuntError<'PAYLOAD_TOO_LARGE'> {
  const message = `must have at most ${maxBytes} bytes as JSON`;
  return new ShuntError('PAYLOAD_TOO_LARGE', `Payload too large: input ${message}`, {
    details: [{ field: 'input', message }],
  });
}
