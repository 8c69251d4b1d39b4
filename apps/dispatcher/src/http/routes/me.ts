import { roles } from '@shunt/runtime';
import { z } from 'zod';
import { type Route, route } from '../route.js';

/** What is told to whoever asks who they are. */
const me = z.object({
  actor: z.string().meta({ description: 'Name of the API key; loopback where none are set' }),
  role: z.enum(roles),
  pool: z.string(),
  version: z.string(),
  isDemo: z.boolean().meta({ description: 'Whether a demo runs this dispatcher' }),
});

/** Who asks, as this dispatcher sees it. */
export type Me = z.output<typeof me>;

/** The route that tells a page what it may offer. */
export function meRoute(about: Pick<Me, 'pool' | 'version' | 'isDemo'>): Route {
  return route({
    method: 'GET',
    path: '/me',
    access: 'viewer',
    tag: 'pool',
    summary: 'Whose key this is, and what it may do',
    answers: { 200: { about: 'The key', type: me } },
    handle: async ({ caller: { actor, role } }) => ({ body: { actor, role, ...about } satisfies Me }),
  });
}
