import { type FieldProblem, isShuntError, ShuntError, shuntErrorCodes } from '@shunt/sdk';

/** An answer that says what went wrong, as RFC 9457 has it; `code` and `retryable` are for programs. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** Whether the same request can succeed later. */
  readonly retryable: boolean;
  /** Each bad field; never holds a value. */
  readonly errors?: readonly FieldProblem[];
  /** When to ask again, in ms. */
  readonly retryAfterMs?: number;
}

/** What HTTP itself can go wrong by, besides the codes of ShuntError. */
export const protocolCodes = {
  BAD_REQUEST: { httpStatus: 400, retryable: false },
  METHOD_NOT_ALLOWED: { httpStatus: 405, retryable: false },
  REQUEST_TIMEOUT: { httpStatus: 408, retryable: true },
  PRECONDITION_FAILED: { httpStatus: 412, retryable: false },
  URI_TOO_LONG: { httpStatus: 414, retryable: false },
  UNSUPPORTED_MEDIA_TYPE: { httpStatus: 415, retryable: false },
  HEADERS_TOO_LARGE: { httpStatus: 431, retryable: false },
  TOO_MANY_STREAMS: { httpStatus: 503, retryable: true },
  INTERNAL: { httpStatus: 500, retryable: false },
} as const;

/** A code that an answer may have. */
export type ProblemCode = keyof typeof protocolCodes | keyof typeof shuntErrorCodes;

const codes: Readonly<Record<ProblemCode, { httpStatus: number | null; retryable: boolean }>> = {
  ...shuntErrorCodes,
  ...protocolCodes,
};

/** Makes a problem of a code. */
export function problemOf(code: ProblemCode, detail: string, more: Partial<Problem> = {}): Problem {
  const { httpStatus, retryable } = codes[code];
  const title = code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ');
  return { type: 'about:blank', title, status: httpStatus ?? 500, detail, code, retryable, ...more };
}

/** An error with a problem of its own. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** What Fastify throws, by its code. */
const ofFastify: Readonly<Record<string, [ProblemCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'The body is larger than this route takes'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['BAD_REQUEST', 'The body is not as long as Content-Length says'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'The Content-Type must be application/json'],
  FST_ERR_BAD_URL: ['BAD_REQUEST', 'The path is not properly percent-encoded'],
  FST_ERR_MAX_PARAM_LENGTH: ['URI_TOO_LONG', 'A part of the path is too long'],
};

/** The problem of an error. One that nobody expected tells nothing of itself: the log does. */
export function problemOfError(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (isShuntError(error) && shuntErrorCodes[error.code].httpStatus !== null) return problemOfShunt(error);
  const known = ofFastify[String((error as { code?: unknown } | null)?.code)];
  return known
    ? problemOf(...known)
    : problemOf('INTERNAL', 'An unexpected error, which is in the log of the dispatcher');
}

function problemOfShunt({ code, message, details }: ShuntError): Problem {
  if (Array.isArray(details)) return problemOf(code, message, { errors: details });
  const { retryAfterMs } = details as { retryAfterMs?: number };
  return problemOf(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
}
