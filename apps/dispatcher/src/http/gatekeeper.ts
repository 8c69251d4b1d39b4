import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Access, type Caller, mayUse } from './access.js';
import { foreignPage } from './browser-guard.js';
import type { Identify } from './caller.js';
import { type Problem, problemOf } from './problem.js';
import { type Sessions, sessionPath } from './sessions.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. One without it does not boot. */
    access?: Access;
  }
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyInstance {
    /** Every route of the process. */
    knownRoutes: readonly KnownRoute[];
  }
}

/** A route as it was registered, and who may use it. */
export interface KnownRoute {
  readonly method: string;
  readonly url: string;
  readonly access: () => Access | undefined;
}

/** Lets a request in to every route of the process, whoever registered it: who asks is known before its body is read. */
export function guard(server: FastifyInstance, identify: Identify, sessions: Sessions, hasKeys: boolean): void {
  const known: KnownRoute[] = [];
  server.decorate('knownRoutes', known);
  server.decorateRequest('caller', null);
  server.addHook('onRoute', (options) => {
    const { url } = options;
    // What registers a route may say later who may use it.
    for (const method of [options.method].flat()) known.push({ method, url, access: () => options.config?.access });
  });
  server.addHook('onReady', async () => {
    const open = known.filter(({ access }) => access() === undefined).map(({ method, url }) => `${method} ${url}`);
    if (open.length > 0) throw new Error(`routes without a rule who may use them: ${open.join(', ')}`);
  });
  server.addHook('onRequest', async (request) => {
    const { authorization, cookie } = request.headers;
    const mayBeSession = request.url.startsWith(`${sessionPath}/`) || request.url === sessionPath;
    request.caller = identify(authorization) ?? (mayBeSession ? sessions.callerOf(cookie) : null);
  });
  server.addHook('preParsing', async (request, reply) => {
    const problem = request.is404 ? null : refusalOf(request, hasKeys);
    if (problem === null) return;
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  });
}

function refusalOf(request: FastifyRequest, hasKeys: boolean): Problem | null {
  const { access } = request.routeOptions.config;
  if (access === 'public') return null;
  const foreign = foreignPage(request.headers, hasKeys);
  if (foreign !== null) return problemOf('FORBIDDEN', `This request is refused: ${foreign}`);
  const { caller } = request;
  if (caller === null) return problemOf('UNAUTHENTICATED', 'An API key is needed: Authorization: Bearer <key>');
  if (access !== undefined && mayUse(caller.role, access)) return null;
  return problemOf('FORBIDDEN', `A ${caller.role} may not do this: it takes the role ${access}`);
}
