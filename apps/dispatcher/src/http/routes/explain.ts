import { type Shunt, ShuntError } from '@shunt/sdk';
import { z } from 'zod';
import { type Route, route } from '../route.js';
import { taskIdParam } from '../types.js';

const explanation = z.object({
  state: z.string(),
  why: z.string(),
  advice: z.string().nullable().meta({ description: 'Null when nothing has to be done' }),
});

/** Why a task is where it is, in an answer. */
export type ExplanationBody = z.output<typeof explanation>;

/** The route that says why a task is where it is. */
export function explainRoute(client: Shunt): Route {
  return route({
    method: 'GET',
    path: '/tasks/{id}/explain',
    access: 'viewer',
    tag: 'tasks',
    summary: 'Why a task is where it is, and what to try',
    params: taskIdParam,
    answers: {
      200: {
        about: 'One sentence each',
        type: explanation,
      },
    },
    handle: async ({ params: { id } }) => {
      const body = await client.task(id).explain();
      if (body.state === 'missing') throw new ShuntError('NOT_FOUND', body.why);
      return { body };
    },
  });
}
