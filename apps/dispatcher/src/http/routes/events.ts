import { type Shunt, ShuntError, type TaskEvent } from '@shunt/sdk';
import { z } from 'zod';
import { lastEventId, type ServerEvent } from '../event-stream.js';
import { type Route, route } from '../route.js';
import { taskIdParam } from '../types.js';

const media = 'text/event-stream';
const headers = { 'Last-Event-ID': 'The id of the last event that was seen: what came behind it is told first' };

/** The routes that are streams of events. */
export function eventRoutes(client: Shunt): Route[] {
  return [
    route({
      method: 'GET',
      path: '/tasks/{id}/events',
      access: 'viewer',
      tag: 'tasks',
      summary: 'What happens to a task',
      about: 'From its start or behind Last-Event-ID, as far as the pool still holds it, until it has ended.',
      params: taskIdParam,
      headers,
      answers: {
        200: {
          about: 'Events named as BullMQ names them, and `data` for what the handler emitted; data is JSON',
          media,
          type: z.string(),
        },
        204: { about: 'It has ended and all was told: do not ask again' },
      },
      handle: async ({ params: { id }, request }) => {
        const after = lastEventId(request);
        const task = client.task(id);
        const { state } = await task.status();
        if (state !== 'completed' && state !== 'failed' && state !== 'missing')
          return { events: (signal) => told(task.events({ after, signal })) };
        const past = await task.pastEvents({ after });
        if (past.length > 0) return { events: () => told(past) };
        if (state !== 'missing' || after !== undefined) return { status: 204 };
        throw new ShuntError('NOT_FOUND', 'There is no such task: it was removed, or never there');
      },
    }),
    route({
      method: 'GET',
      path: '/events',
      access: 'viewer',
      tag: 'pool',
      summary: 'What happens in the pool',
      about:
        'The journal: agents that were placed and moved, workers that joined, left and were drained, breakers, leaders, repairs. From now on, or behind Last-Event-ID.',
      headers,
      answers: { 200: { about: 'Events named as the journal names them; data is JSON', media, type: z.string() } },
      handle: async ({ request }) => {
        const after = lastEventId(request);
        return { events: (signal) => journal(client, after, signal) };
      },
    }),
  ];
}

async function* told(events: AsyncIterable<TaskEvent> | Iterable<TaskEvent>): AsyncGenerator<ServerEvent> {
  for await (const { id, type, data, value = data } of events) yield { id, event: type, data: value };
}

async function* journal(client: Shunt, after: string | undefined, signal: AbortSignal): AsyncGenerator<ServerEvent> {
  for await (const { id, fields } of client.pool.follow({ after, signal })) {
    const { event = 'message', ...data } = fields;
    yield { id, event, data };
  }
}
