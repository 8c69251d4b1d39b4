import { Readable } from 'node:stream';
import { invalidInput } from '@shunt/sdk';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, problemOf } from './problem.js';

/** One event of a stream as HTML has it (server-sent events). */
export type ServerEvent = { readonly id: string; readonly event: string } & (
  | { readonly data: unknown }
  /** In place of data, for what was made into JSON before. */
  | { readonly json: string }
);

/** Makes the events of a stream; they end when the signal aborts. */
export type ServerEvents = (signal: AbortSignal) => AsyncIterable<ServerEvent>;

/** Time between signs of life of a stream without events. */
const beatMs = 15_000;
const entryId = /^\d{1,15}-\d{1,15}$/;

/** The id of the last event that a client has seen; undefined for none. @throws ShuntError INVALID_INPUT */
export function lastEventId({ headers }: FastifyRequest): string | undefined {
  const id = headers['last-event-id'];
  if (id === undefined || (typeof id === 'string' && entryId.test(id))) return id;
  throw invalidInput([{ field: 'Last-Event-ID', message: 'must be the id of an event' }]);
}

/** How long a client that finds all streams taken is asked to wait. */
const fullRetryMs = 5000;

/** Counts the open streams of a process. */
export class OpenStreams {
  private count = 0;

  constructor(private readonly max: number) {}

  /** Takes a place until the reply is over. @throws ProblemError TOO_MANY_STREAMS */
  enter(reply: FastifyReply): void {
    if (this.count >= this.max) {
      const detail = `This dispatcher has ${this.max} streams of events open, which is all it serves at once`;
      throw new ProblemError(problemOf('TOO_MANY_STREAMS', detail, { retryAfterMs: fullRetryMs }));
    }
    this.count++;
    reply.raw.once('close', () => {
      this.count--;
    });
  }
}

/** Sends events until they end or the client is gone. An error ends them: the client comes back and asks for what follows. */
export function sendEvents(reply: FastifyReply, events: ServerEvents, onError: (error: unknown) => void): FastifyReply {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  const stream = Readable.from(textOf(events(gone.signal), onError), { objectMode: false });
  // A connection that comes free while the server closes would be waited for until its keep-alive is over.
  return reply.header('x-accel-buffering', 'no').header('connection', 'close').type('text/event-stream').send(stream);
}

async function* textOf(events: AsyncIterable<ServerEvent>, onError: (error: unknown) => void): AsyncGenerator<string> {
  yield 'retry: 2000\n\n';
  const iterator = events[Symbol.asyncIterator]();
  try {
    for (let next = iterator.next(); ; ) {
      const got = await within(next, beatMs);
      if (got === null) yield ': no event\n\n';
      else if (got.done) return;
      else {
        const { id, event } = got.value;
        const json = 'json' in got.value ? got.value.json : JSON.stringify(got.value.data);
        yield `id: ${id}\nevent: ${event.replace(/[\r\n]/g, '')}\ndata: ${json}\n\n`;
        next = iterator.next();
      }
    }
  } catch (error) {
    onError(error);
  } finally {
    void iterator.return?.();
  }
}

/** What a promise resolves to, null when it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
