import { checked } from '@shunt/input';
import { idProblem, type Shunt } from '@shunt/sdk';
import { z } from 'zod';
import { type Route, route } from '../route.js';
import { digits, flag, streamCursor } from '../types.js';

const pageSize = 100;

const journal = z.object({
  entries: z.array(
    z.object({
      id: z.string().meta({ description: 'Begins with the ms since 1970' }),
      fields: z.record(z.string(), z.string()).meta({ description: '`event`, and what belongs to it' }),
    }),
  ),
  cursor: z.string().nullable(),
});

/** A page of the journal. */
export type JournalBody = z.output<typeof journal>;

/** The route that tells what happened. */
export function journalRoute(client: Shunt): Route {
  return route({
    method: 'GET',
    path: '/journal',
    access: 'viewer',
    tag: 'pool',
    summary: 'What happened in the pool, newest first',
    about: 'A page may hold fewer than limit, or none: go on until cursor is null.',
    query: z.strictObject({
      agent: checked<string>(idProblem).meta({ type: 'string', description: 'Of this agent' }).optional(),
      worker: checked<string>(idProblem).meta({ type: 'string', description: 'Of this worker' }).optional(),
      rare: flag('Leave out where single agents were placed and moved').optional(),
      limit: digits(1, 1000, `Most entries; ${pageSize} unless said`).optional(),
      cursor: streamCursor.optional(),
    }),
    answers: { 200: { about: 'Entries; cursor is null after the last', type: journal } },
    handle: async ({ query: { agent, worker, rare, limit = pageSize, cursor } }) => {
      const isRareOnly = rare === 'true';
      return { body: await client.pool.past({ agent, worker, isRareOnly, limit: Number(limit), before: cursor }) };
    },
  });
}
