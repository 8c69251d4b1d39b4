import { isShuntError, ShuntError } from '@shunt/lanes';
import { Waits } from '../client/waits.js';
import { errorOf } from './problem.js';

/** One request. */
export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/v1`, percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** In place of a body, for what is JSON already. */
  readonly json?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Errors after which it is certain that nothing was done: nobody was reached. */
const unreached: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** Pause before a request is sent again. */
const againMs = 50;

/** A dispatcher's HTTP API: every call has a deadline, and is sent again until then. What is asked must be idempotent. */
export class Api {
  /** Every wait of the client: ends with it. */
  readonly waits = new Waits();
  private readonly closed = new AbortController();

  // Neither console.log nor JSON.stringify shows it, of a client and its handles too.
  readonly #apiKey: string | undefined;

  constructor(
    private readonly address: string,
    apiKey: string | undefined,
  ) {
    this.#apiKey = apiKey;
  }

  /**
   * What a request is answered, undefined for nothing.
   *
   * @throws ShuntError as the dispatcher says it, STORE_UNAVAILABLE when it was not reached, DEADLINE_EXCEEDED when the outcome is unknown
   */
  async call<T>(deadlineMs: number, request: ApiRequest): Promise<T> {
    const answer = await this.answer(deadlineMs, request);
    return (answer.status === 204 ? undefined : await this.bodyOf(deadlineMs, answer)) as T;
  }

  /** The answer to a request, its body unread. @throws ShuntError as `call` does */
  async answer(deadlineMs: number, request: ApiRequest, signal?: AbortSignal): Promise<Response> {
    let isUnknown = false;
    for (;;) {
      if (this.closed.signal.aborted) throw new ShuntError('STORE_UNAVAILABLE', 'The client is closed');
      try {
        const answer = await this.send(deadlineMs, request, signal);
        if (answer.ok) return answer;
        throw errorOf(answer.status, await answer.json().catch(() => null));
      } catch (error) {
        if (isShuntError(error) || signal?.aborted) throw error;
        const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
        isUnknown ||= !unreached.has(cause?.code ?? '');
        if (performance.now() + againMs >= deadlineMs) throw isUnknown ? late(error) : this.away(cause);
        await this.waits.pause(performance.now() + againMs);
      }
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.closed.abort();
    this.waits.close();
  }

  private async bodyOf(deadlineMs: number, answer: Response): Promise<unknown> {
    try {
      return await this.waits.until(deadlineMs, answer.json(), () => {
        throw late(undefined);
      });
    } catch (error) {
      throw isShuntError(error) ? error : late(error);
    }
  }

  private async send(deadlineMs: number, request: ApiRequest, signal: AbortSignal | undefined): Promise<Response> {
    const {
      method = 'GET',
      path,
      query = {},
      body,
      json = body === undefined ? undefined : JSON.stringify(body),
    } = request;
    const url = new URL(`${this.address}/v1${path}`);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value));
    // A deadline ends the wait for the answer, not the reading of a stream.
    const inTime = new AbortController();
    const timer = setTimeout(() => inTime.abort(), Math.max(1, deadlineMs - performance.now()));
    const signals = [inTime.signal, this.closed.signal, ...(signal ? [signal] : [])];
    try {
      return await fetch(url, {
        method,
        redirect: 'error',
        signal: AbortSignal.any(signals),
        headers: {
          ...(this.#apiKey === undefined ? {} : { authorization: `Bearer ${this.#apiKey}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...request.headers,
        },
        ...(json === undefined ? {} : { body: json }),
      });
    } finally {
      clearTimeout(timer);
    }
  }

  private away(cause: NodeJS.ErrnoException | undefined): ShuntError {
    const reason = cause?.code ? ` (${cause.code})` : '';
    return new ShuntError('STORE_UNAVAILABLE', `No dispatcher at ${this.address} before the deadline${reason}`, {
      cause,
    });
  }
}

function late(cause: unknown): ShuntError {
  const message = 'No answer from the dispatcher before the deadline; safe to repeat with the same id';
  return new ShuntError('DEADLINE_EXCEEDED', message, { cause });
}
