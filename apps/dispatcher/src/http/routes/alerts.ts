import { alertNames } from '@shunt/health';
import type { KeptAlerts } from '@shunt/lanes';
import { type Shunt, ShuntError } from '@shunt/sdk';
import { z } from 'zod';
import { type Route, route } from '../route.js';

const alert = z.object({
  alert: z.enum(alertNames),
  state: z.enum(['inactive', 'pending', 'firing', 'resolved']),
  sinceMs: z.number().nullable().meta({ description: 'Since when, in ms since 1970' }),
  value: z.number().nullable().meta({ description: 'What was measured: a share, seconds or a number' }),
  text: z.string().meta({ description: 'What was found; of a resolved one what it was resolved by' }),
});

/** The route of the alerts. `own`: those that this dispatcher judges by itself; without Redis it knows no others, and says so at once. */
export function alertRoute(client: Shunt, own: () => KeptAlerts): Route {
  return route({
    method: 'GET',
    path: '/alerts',
    access: 'viewer',
    tag: 'pool',
    summary: 'What is wrong with the pool',
    answers: { 200: { about: 'Every alert, active or not', type: z.object({ alerts: z.array(alert) }) } },
    handle: async () => {
      const { redis_down: down } = own();
      if (down?.state === 'firing') {
        const since = new Date(down.sinceMs).toISOString();
        throw new ShuntError(
          'STORE_UNAVAILABLE',
          `redis_down fires since ${since}, and no other alert can be read: ${down.text}`,
        );
      }
      return { body: { alerts: await client.alerts.list() } };
    },
  });
}
