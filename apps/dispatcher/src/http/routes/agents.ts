import { checked } from '@shunt/input';
import { idProblem, type Shunt, ShuntError } from '@shunt/sdk';
import { z } from 'zod';
import { type Route, route } from '../route.js';

const params = z.strictObject({
  id: checked<string>(idProblem).meta({ type: 'string', description: 'Agent id', examples: ['a-42'] }),
});

const agent = z.object({
  id: z.string(),
  home: z.string().nullable().meta({ description: 'The worker it is bound to' }),
  current: z.string().nullable().meta({ description: 'Its task that is past the mailbox' }),
  waiting: z.int().meta({ description: 'Tasks in its mailbox' }),
  fence: z.int().meta({ description: 'Grows whenever it changes hands; 0 before its first home' }),
  forgottenInMs: z.int().nullable().meta({ description: 'Until its home is forgotten; null while it has a task' }),
});

/** The routes of agents. */
export function agentRoutes(client: Shunt): Route[] {
  return [
    route({
      method: 'GET',
      path: '/agents/{id}',
      access: 'viewer',
      tag: 'agents',
      summary: 'Where an agent is, and what it has to do',
      params,
      answers: { 200: { about: 'The agent', type: agent } },
      handle: async ({ params: { id } }) => {
        const found = await client.agent(id);
        if (found === null)
          throw new ShuntError('NOT_FOUND', 'The pool knows of no such agent: it is idle, or never was');
        return { body: { id, ...found } };
      },
    }),
  ];
}
