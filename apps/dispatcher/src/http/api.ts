import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ApiOptions, auditOf } from './audit.js';
import { OpenStreams, sendEvents } from './event-stream.js';
import { inputOf } from './input.js';
import { readJson } from './json-body.js';
import { allowedMethods } from './methods.js';
import { type Problem, ProblemError, problemOf, problemOfError } from './problem.js';
import type { Asked, Route } from './route.js';

/** Largest body unless a route says otherwise, in bytes. */
export const defaultBodyBytes = 1024 * 1024;

/** Where all routes of the API are. */
export const apiPrefix = '/v1';

/** Serves the routes of the API below `/v1`. */
export async function serveApi(server: FastifyInstance, routes: readonly Route[], options: ApiOptions): Promise<void> {
  const streams = new OpenStreams(options.maxStreams);
  await server.register(
    async (api) => {
      await api.register(rateLimit, {
        max: options.requestsPerMinute,
        timeWindow: 60_000,
        keyGenerator: ({ caller, ip }) => (caller === null ? `address ${ip}` : `key ${caller.actor}`),
      });
      acceptJsonOnly(api);
      api.setErrorHandler((error, request, reply) => {
        const problem = asProblem(error, reply);
        // Fastify closes on a body that it refuses; closed amid one still on its way, a connection is reset and the answer lost. Node reads it off.
        reply.removeHeader('connection');
        if (problem.status >= 500) options.onError(error, request.id);
        return sendProblem(reply, problem);
      });
      api.setNotFoundHandler((request, reply) => {
        const methods = allowedMethods(routes, request.url.slice(apiPrefix.length));
        if (methods.length === 0) return sendProblem(reply, problemOf('NOT_FOUND', 'There is nothing at this path'));
        reply.header('allow', methods.join(', '));
        return sendProblem(reply, problemOf('METHOD_NOT_ALLOWED', `This path takes ${methods.join(', ')}`));
      });
      for (const one of routes) addRoute(api, one, options, streams);
    },
    { prefix: apiPrefix },
  );
}

function addRoute(api: FastifyInstance, one: Route, options: ApiOptions, streams: OpenStreams): void {
  const { method, path, access, bodyBytes = defaultBodyBytes } = one;
  api.route({
    method,
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    config: { access },
    bodyLimit: bodyBytes,
    handler: async (request, reply) => {
      reply.header('x-request-id', request.id).header('cache-control', 'no-store');
      const asked = askedOf(one, request);
      const audit = auditOf(one, asked, options);
      await audit?.asked();
      try {
        const { status = 200, headers = {}, body, events } = await one.handle(asked);
        if (events) {
          streams.enter(reply);
          return sendEvents(reply, events, (error) => options.onError(error, request.id));
        }
        if (body === undefined) return reply.code(status).headers(headers).send();
        return reply.code(status).headers(headers).type('application/json').send(JSON.stringify(body));
      } catch (error) {
        await audit?.failed(problemOfError(error).code);
        throw error;
      }
    },
  });
}

function askedOf(one: Route, request: FastifyRequest): Asked<undefined, undefined, undefined> {
  const { caller } = request;
  if (caller === null) throw new Error('a route was reached by nobody');
  const body = one.isBodyOptional ? (request.body ?? {}) : request.body;
  const asked = {
    params: inputOf(one.params, { ...(request.params as object) }, 'path'),
    query: inputOf(one.query, { ...(request.query as object) }, 'query'),
    body: inputOf(one.body, body, 'body'),
    caller,
    request,
  };
  return asked as Asked<undefined, undefined, undefined>;
}

function acceptJsonOnly(api: FastifyInstance): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    const charset = /charset="?([^\s;"]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (charset.toLowerCase() !== 'utf-8') throw unsupported('The charset must be utf-8');
    return readJson(body);
  });
  api.addHook('preParsing', async ({ headers }) => {
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw unsupported('A body must not be compressed');
  });
}

function unsupported(detail: string): ProblemError {
  return new ProblemError(problemOf('UNSUPPORTED_MEDIA_TYPE', detail));
}

function asProblem(error: unknown, reply: FastifyReply): Problem {
  if ((error as { statusCode?: unknown }).statusCode !== 429) return problemOfError(error);
  const retryAfterMs = 1000 * Number(reply.getHeader('retry-after') ?? 60);
  return problemOf('RATE_LIMITED', 'Too many requests of this key', { retryAfterMs });
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { status, retryAfterMs } = problem;
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1000));
  return reply.code(status).type('application/problem+json').send(JSON.stringify(problem));
}
