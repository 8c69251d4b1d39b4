import { apiKey } from './key.js';
import type { Problem } from './types.js';

/** An answer that says what went wrong. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/** What is asked. */
export interface Asking {
  readonly method?: string;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** How long an answer may take to begin: more than a dispatcher waits for Redis. */
const answerMs = 10_000;

/** Sends a request below `/v1` with the key. @throws ApiError for any answer but a good one, also for none */
export async function send(path: string, { method = 'GET', json, headers, signal }: Asking = {}): Promise<Response> {
  const key = apiKey.get();
  // It ends the wait for the answer, not the reading of a stream.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), answerMs);
  const response = await fetch(`/v1${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    cache: 'no-store',
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
  })
    .catch((error: unknown) => {
      if (signal?.aborted) throw error;
      if (late.signal.aborted)
        throw new ApiError(
          0,
          'LATE',
          `The dispatcher did not answer within ${answerMs / 1000} s; what was asked may be done`,
        );
      throw new ApiError(0, 'UNREACHABLE', 'The dispatcher does not answer');
    })
    .finally(() => clearTimeout(timer));
  if (response.ok) return response;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const errors = problem?.errors?.map(({ field, message }) => `${field} ${message}`).join('; ');
  const detail = errors || problem?.detail || `The dispatcher answered ${response.status}`;
  throw new ApiError(response.status, problem?.code ?? 'UNKNOWN', detail);
}

/** The JSON of an answer. @throws ApiError */
export async function ask<T>(path: string, asking?: Asking): Promise<T> {
  const response = await send(path, asking);
  return response.status === 204 ? (null as T) : ((await response.json()) as T);
}

/** Sends JSON and reads the answer's. @throws ApiError */
export function post<T>(path: string, json: object, method = 'POST'): Promise<T> {
  return ask<T>(path, { method, json });
}

/** A path with a query; what is undefined or empty is left out. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '',
  );
  const text = new URLSearchParams(given).toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

/** An id as a part of a path. */
export const part = encodeURIComponent;
