import { type FieldProblem, isShuntError, ShuntError, type ShuntErrorCode, shuntErrorCodes } from '@shunt/lanes';

/** What an answer with an error says, as RFC 9457 and a dispatcher have it. */
interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
  readonly retryAfterMs?: number;
}

/** What HTTP adds to the codes of ShuntError, as the nearest of those. */
const near: Readonly<Record<string, ShuntErrorCode>> = {
  PRECONDITION_FAILED: 'CONFLICT',
  TOO_MANY_STREAMS: 'RATE_LIMITED',
  INTERNAL: 'STORE_UNAVAILABLE',
};

/** For a call's errors: a value in place of NOT_FOUND, which is an answer like others; any other error goes on. */
export function unlessMissing<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isShuntError(error, 'NOT_FOUND')) return value;
    throw error;
  };
}

/** The error of an answer. */
export function errorOf(status: number, body: unknown): ShuntError {
  const {
    code = '',
    detail = `The dispatcher answered with status ${status}`,
    errors,
    retryAfterMs,
  } = (body ?? {}) as Problem;
  const known = Object.hasOwn(shuntErrorCodes, code) ? (code as ShuntErrorCode) : near[code];
  const details = (errors ?? (retryAfterMs === undefined ? undefined : { retryAfterMs })) as never;
  const options = details === undefined ? {} : { details };
  return new ShuntError(known ?? (status >= 500 ? 'STORE_UNAVAILABLE' : 'INVALID_INPUT'), detail, options);
}
