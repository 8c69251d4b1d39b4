import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyHttpOptions, FastifyReply } from 'fastify';
import { type Problem, type ProblemCode, problemOf, problemOfError } from './problem.js';

/** How long a client may take to send its request, in ms. */
export const defaultRequestTimeoutMs = 30_000;
/** How long a connection without a request is kept, in ms: a server that closes waits for it. */
const keepAliveMs = 2000;
/** Longest part of a path: an id whose every byte is percent-encoded twice, as one in a path is. */
const maxParamChars = 3 * 1024;

/** What Node says of a request that it could not read, as a problem. */
const ofNode: Readonly<Record<string, [ProblemCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['HEADERS_TOO_LARGE', 'The headers are larger than 16 KiB'],
  ERR_HTTP_REQUEST_TIMEOUT: ['REQUEST_TIMEOUT', 'The request took too long to arrive'],
};

/** Options of the HTTP server: what ends a request before a route sees it is answered with a problem as well. */
export function serverOptions(requestTimeoutMs: number): FastifyHttpOptions<Server> {
  return {
    exposeHeadRoutes: false,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    // Node takes the longer one of the two for the whole request, so they are the same.
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.min(requestTimeoutMs, 5000) },
    routerOptions: { maxParamLength: maxParamChars },
    genReqId: () => crypto.randomUUID(),
    frameworkErrors: (error, _request, reply) => {
      const problem = problemOfError(error);
      void (reply as FastifyReply).code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
    },
    clientErrorHandler: (error, socket) => {
      const [code, detail] = ofNode[error.code] ?? ['BAD_REQUEST', 'This is no HTTP request'];
      endWith(socket, problemOf(code, detail));
    },
  };
}

function endWith(socket: Socket, problem: Problem): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(problem);
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
