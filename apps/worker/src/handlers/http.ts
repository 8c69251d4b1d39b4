import { type LookupAddress, type LookupAllOptions, lookup as lookupOfSystem } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Target } from '@shunt/runtime';
import { type Handler, RetryLater, type TaskContext, Terminal } from '@shunt/sdk';
import { mayConnect, targetProblem } from './targets.js';

/** Finds the addresses of a name. */
type Lookup = (
  name: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** What the handler `http` may call. */
export interface HttpHandlerOptions {
  /** None: no task is run. */
  readonly hosts: readonly Target[];
  /** Networks beyond the open internet that those hosts may be in. */
  readonly networks: readonly string[];
  /** Defaults to the system's. */
  readonly lookup?: Lookup;
}

/** Largest answer in bytes: that of a result. */
const maxAnswerBytes = 1024 * 1024;
const connectMs = 10_000;
/** Statuses after which the same call may go well. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Makes the handler that posts `input.body` as JSON to `input.url`, and whose result is the answer. What is not retried: a URL that is not
 * allowed, a redirect, an answer of 4xx. No message holds what was sent or answered.
 */
export function httpHandler({ hosts, networks, lookup = lookupOfSystem }: HttpHandlerOptions): Handler {
  const isOpen = mayConnect(networks);
  return async (input: { url?: unknown; body?: unknown } | null, ctx) => {
    if (hosts.length === 0) throw new Terminal('the handler http may call nobody: set SHUNT_TARGET_HOSTS');
    const url = typeof input?.url === 'string' && URL.canParse(input.url) ? new URL(input.url) : null;
    const problem = url === null ? 'must be an http or https URL' : targetProblem(url, hosts);
    if (url === null || problem !== null) throw new Terminal(`input.url ${problem}`);
    const address = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) !== 0 && !isOpen(address)) throw refusedAddress();
    return resultOf(await post(url, JSON.stringify(input?.body ?? null), ctx, guardedLookup(lookup, isOpen)));
  };
}

function refusedAddress(): Terminal {
  return new Terminal('input.url is at an address that is not of the open internet: allow it by SHUNT_TARGET_NETWORKS');
}

/** Looks a name up when it is connected to, so that a name which answers differently each time gains nothing. */
function guardedLookup(lookup: Lookup, isOpen: (address: string) => boolean): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      if (!addresses.every(({ address }) => isOpen(address))) return done(refusedAddress(), []);
      const [first] = addresses;
      return options.all ? done(null, addresses) : done(null, first?.address ?? '', first?.family);
    });
  };
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

function post(
  url: URL,
  body: string,
  { task, agent, attempt, signal }: TaskContext,
  lookup: LookupFunction,
): Promise<Answer> {
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    accept: 'application/json, text/plain;q=0.9',
    'idempotency-key': encodeURIComponent(task.id),
    'x-shunt-attempt': String(attempt),
    ...(agent === null ? {} : { 'x-shunt-agent': encodeURIComponent(agent.id), 'x-shunt-fence': String(agent.fence) }),
  };
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, lookup, signal, agent: false }, (answer) => {
      textOf(answer).then((text) => resolve({ ...factsOf(answer), text }), reject);
    });
    sent.on('socket', (socket) => {
      const late = setTimeout(() => sent.destroy(new Error(`no connection within ${connectMs} ms`)), connectMs);
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => clearTimeout(late));
      socket.once('close', () => clearTimeout(late));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

function factsOf({ statusCode = 0, headers }: IncomingMessage): Omit<Answer, 'text'> {
  return { status: statusCode, type: headers['content-type'] ?? '', retryAfter: headers['retry-after'] };
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new Terminal(`the answer is larger than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function resultOf({ status, type, retryAfter, text }: Answer): unknown {
  const said = `the endpoint answered with status ${status}`;
  if (status >= 300 && status < 400) throw new Terminal(`${said}: redirects are not followed`);
  if (passing.has(status)) {
    if (/^\d{1,6}$/.test(retryAfter ?? '')) throw new RetryLater(Number(retryAfter) * 1000, said);
    throw new Error(said);
  }
  if (status < 200 || status >= 300) throw new Terminal(said);
  if (text === '') return null;
  if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) return text;
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${said}, and a body that is no JSON`);
  }
}
