import { type Route, route } from '../route.js';
import type { Sessions } from '../sessions.js';

/** The routes by which a browser may open `/queues` with the key it has shown here. */
export function sessionRoutes(sessions: Sessions): Route[] {
  const [access, path, tag] = ['viewer', '/session', 'pool'] as const;
  const isSecure = (headers: Readonly<Record<string, unknown>>) => headers['x-forwarded-proto'] === 'https';
  return [
    route({
      method: 'POST',
      path,
      access,
      tag,
      summary: 'Let this browser open /queues',
      about: 'A cookie for that path alone, for eight hours.',
      answers: { 204: { about: 'With Set-Cookie' } },
      handle: async ({ caller, request }) => {
        return { status: 204, headers: { 'set-cookie': sessions.cookieFor(caller, isSecure(request.headers)) } };
      },
    }),
    route({
      method: 'DELETE',
      path,
      access,
      tag,
      summary: 'Take that back',
      answers: { 204: { about: 'With Set-Cookie' } },
      handle: async ({ request }) => {
        return { status: 204, headers: { 'set-cookie': sessions.end(isSecure(request.headers)) } };
      },
    }),
  ];
}
