import { checked } from '@shunt/input';
import { idProblem, listedStates, type Shunt } from '@shunt/sdk';
import { z } from 'zod';
import { type Route, route } from '../route.js';
import { digits, metadata, taskWorker } from '../types.js';

const pageSize = 50;
const cursorMessage = 'must be the cursor of an answer';

const query = z.strictObject({
  agent: checked<string>(idProblem).meta({ type: 'string', description: 'Agent id' }).optional(),
  state: z.enum(listedStates, `must be one of ${listedStates.join(', ')}`).optional(),
  worker: checked<string>(idProblem)
    .meta({ type: 'string', description: 'In the lane or a slot of this worker' })
    .optional(),
  limit: digits(1, 200, `Most tasks; ${pageSize} unless said`).optional(),
  cursor: z
    .string(cursorMessage)
    .max(4096, cursorMessage)
    .meta({ description: 'Goes on where an answer ended' })
    .optional(),
});

const listed = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(listedStates),
  worker: taskWorker,
  agentId: z.string().nullable(),
  attemptsMade: z.int(),
  enqueuedAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  failedReason: z.string().nullable().meta({ description: 'Why it failed, its beginning; null unless it did' }),
  metadata,
});

const page = z.object({ tasks: z.array(listed), cursor: z.string().nullable() });

/** A page of tasks. */
export type TasksBody = z.output<typeof page>;

/** The route that lists tasks. */
export function taskListRoute(client: Shunt): Route {
  return route({
    method: 'GET',
    path: '/tasks',
    access: 'viewer',
    tag: 'tasks',
    summary: 'List tasks',
    about:
      'Waiting ones oldest first, ended ones newest first. A task that stays where it is comes exactly once. A page may hold fewer than limit, or none: go on until cursor is null. Tasks in mailboxes are listed by agent only.',
    query,
    answers: {
      200: {
        about: 'Tasks; cursor is null after the last',
        type: page,
      },
    },
    handle: async ({ query: { agent: agentId, state, worker, limit = pageSize, cursor } }) => ({
      body: await client.listTasks({ agentId, state, worker, limit: Number(limit), cursor }),
    }),
  });
}
