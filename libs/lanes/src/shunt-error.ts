import type { FieldProblem } from '@shunt/input';

export type { FieldProblem } from '@shunt/input';

/**
 * Lists every error code of Shunt with its HTTP status and whether repeating the same call can help.
 *
 * `httpStatus` is null where a code is never an HTTP reply: the handler outcomes and INVALID_CONFIG (exit 78 at boot).
 * Codes are stable: callers switch on them, never on messages.
 */
export const shuntErrorCodes = {
  INVALID_TASK: { httpStatus: 400, retryable: false },
  /** Bad input that is no task: of a list, of an order to a worker. */
  INVALID_INPUT: { httpStatus: 400, retryable: false },
  UNAUTHENTICATED: { httpStatus: 401, retryable: false },
  FORBIDDEN: { httpStatus: 403, retryable: false },
  NOT_FOUND: { httpStatus: 404, retryable: false },
  CONFLICT: { httpStatus: 409, retryable: false },
  PAYLOAD_TOO_LARGE: { httpStatus: 413, retryable: false },
  POOL_FULL: { httpStatus: 429, retryable: true },
  /** Over HTTP: more requests of a key than SHUNT_HTTP_RATE_LIMIT allows. Nothing was done. */
  RATE_LIMITED: { httpStatus: 429, retryable: true },
  NO_WORKER: { httpStatus: 503, retryable: true },
  STORE_UNAVAILABLE: { httpStatus: 503, retryable: true },
  /** The outcome is unknown; safe to repeat with the same id. */
  DEADLINE_EXCEEDED: { httpStatus: 504, retryable: true },
  /** The worker lost its lease while the handler ran; the task runs again elsewhere. */
  LEASE_LOST: { httpStatus: null, retryable: true },
  TASK_TIMEOUT: { httpStatus: null, retryable: true },
  /** The task's last attempt failed; the message is the handler's. */
  TASK_FAILED: { httpStatus: null, retryable: false },
  CANCELLED: { httpStatus: null, retryable: false },
  /** The handler said: never retry. */
  TERMINAL: { httpStatus: null, retryable: false },
  INVALID_CONFIG: { httpStatus: null, retryable: false },
} as const satisfies Record<string, { httpStatus: number | null; retryable: boolean }>;

/** Names one of the stable error codes. */
export type ShuntErrorCode = keyof typeof shuntErrorCodes;

/** Shapes the details of a code: a list of fields for bad input, the wait for POOL_FULL and RATE_LIMITED, else small facts. */
export type ShuntErrorDetails<C extends ShuntErrorCode = ShuntErrorCode> = C extends
  | 'INVALID_TASK'
  | 'INVALID_INPUT'
  | 'INVALID_CONFIG'
  | 'PAYLOAD_TOO_LARGE'
  ? readonly FieldProblem[]
  : C extends 'POOL_FULL' | 'RATE_LIMITED'
    ? { readonly retryAfterMs?: number }
    : Readonly<Record<string, string | number | boolean>>;

/** Brand in the global symbol registry, so that an error of a second copy of the package is recognised too. */
const brand = Symbol.for('shunt.error');
const codesWithFields: ReadonlySet<ShuntErrorCode> = new Set([
  'INVALID_TASK',
  'INVALID_INPUT',
  'INVALID_CONFIG',
  'PAYLOAD_TOO_LARGE',
]);

/**
 * Reports a refusal or a failure of Shunt: the only error class it throws.
 *
 * Recognise it by `code` (see isShuntError). Message and details never hold a payload value or a secret.
 */
export class ShuntError<C extends ShuntErrorCode = ShuntErrorCode> extends Error {
  readonly code: C;
  /** Whether the same call can succeed later without a change. */
  readonly retryable: boolean;
  /** Facts for programs. Defaults to an empty list where the code lists fields, else to an empty object. */
  readonly details: ShuntErrorDetails<C>;

  constructor(code: C, message: string, options: { details?: ShuntErrorDetails<C>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ShuntError';
    this.code = code;
    this.retryable = shuntErrorCodes[code].retryable;
    this.details = options.details ?? ((codesWithFields.has(code) ? [] : {}) as unknown as ShuntErrorDetails<C>);
    Object.defineProperty(this, brand, { value: true });
  }

  /** What a log or an answer may hold of it. */
  toJSON(): { code: C; message: string; retryable: boolean; details: ShuntErrorDetails<C> } {
    const { code, message, retryable, details } = this;
    return { code, message, retryable, details };
  }
}

/** Tells whether a caught value is a ShuntError, of the given code if one is given; also across package copies. */
export function isShuntError<C extends ShuntErrorCode = ShuntErrorCode>(
  error: unknown,
  code?: C,
): error is ShuntError<C> {
  if (!(error instanceof Error) || !Object.hasOwn(error, brand)) return false;
  return code === undefined || (error as ShuntError).code === code;
}

/** Most fields that a message names; details always list all of them. */
const namedFields = 5;

/** Makes the INVALID_TASK error of a list of problems, whose message names the first five fields. */
export function invalidTask(problems: readonly FieldProblem[]): ShuntError<'INVALID_TASK'> {
  return new ShuntError('INVALID_TASK', `Invalid task: ${named(problems)}`, { details: problems });
}

/** Makes the INVALID_INPUT error of a list of problems, whose message names the first five fields. */
export function invalidInput(problems: readonly FieldProblem[]): ShuntError<'INVALID_INPUT'> {
  return new ShuntError('INVALID_INPUT', `Invalid input: ${named(problems)}`, { details: problems });
}

function named(problems: readonly FieldProblem[]): string {
  const first = problems.slice(0, namedFields).map((problem) => `${problem.field} ${problem.message}`);
  const rest = problems.length - first.length;
  return `${first.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

/** Makes the INVALID_CONFIG error of a list of problems. */
export function invalidConfig(problems: readonly FieldProblem[]): ShuntError<'INVALID_CONFIG'> {
  const message = problems.map((problem) => `${problem.field} ${problem.message}`).join('; ');
  return new ShuntError('INVALID_CONFIG', message, { details: problems });
}
