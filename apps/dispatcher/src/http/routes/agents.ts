import { checked, duration, durationMs } from '@shunt/input';
import { idProblem, type OrderOptions, type Shunt, ShuntError, workerIdProblem } from '@shunt/sdk';
import { z } from 'zod';
import { ordererOf } from '../orderer-of.js';
import { type Route, route } from '../route.js';
import { digits, dryRunQuery, reasonBody, reasonField, would } from '../types.js';

const params = z.strictObject({
  id: checked<string>(idProblem).meta({ type: 'string', description: 'Agent id', examples: ['a-42'] }),
});

const worker = checked<string>(workerIdProblem).meta({ type: 'string', description: 'Worker id', examples: ['w1'] });
const scanCursor = checked<string>((value) =>
  /^\d{1,20}$/.test(String(value)) ? null : 'must be the cursor of an answer',
).meta({ type: 'string', description: 'Goes on where an answer ended' });
const ttlAbout = 'How long it lasts, such as 30m or ms; until it is taken back unless said';

const pinBody = z.strictObject({
  worker,
  ttl: duration({ minMs: 1 })
    .meta({ type: ['string', 'integer'], description: ttlAbout })
    .optional(),
  soft: z
    .boolean('must be true or false')
    .meta({ description: 'Whether other workers may run the agent while that one takes nothing; false unless said' })
    .optional(),
  reason: reasonField,
});

const pin = z.object({
  worker: z.string(),
  kind: z.enum(['strict', 'soft', 'once']),
  untilMs: z.int().nullable().meta({ description: 'Ms since 1970, by the clock of Redis; null until taken back' }),
});

const pause = z.object({
  by: z.string().meta({ description: 'Name of the API key' }),
  sinceMs: z.int().meta({ description: 'Ms since 1970, by the clock of Redis' }),
});

const agent = z.object({
  id: z.string(),
  state: z
    .enum(['paused', 'busy', 'idle'])
    .meta({ description: 'paused: its tasks wait; else busy while it has a current task, and idle' }),
  home: z.string().nullable().meta({ description: 'The worker it is bound to' }),
  current: z.string().nullable().meta({ description: 'Its task that is past the mailbox' }),
  waiting: z.int().meta({ description: 'Tasks in its mailbox' }),
  fence: z.int().meta({ description: 'Grows whenever it changes hands; 0 before its first home' }),
  forgottenInMs: z
    .int()
    .nullable()
    .meta({ description: 'Until its home is forgotten; null while it has a task, a pin or a pause' }),
  pin: pin.nullable().meta({ description: 'Where an operator pinned it' }),
  paused: pause.nullable().meta({ description: 'Who paused it' }),
});

const page = z.object({ agents: z.array(agent), cursor: z.string().nullable() });

/** An agent, and a page of agents, in answers. */
export type AgentBody = z.output<typeof agent>;
export type AgentsBody = z.output<typeof page>;

const pageSize = 50;

/** The routes of agents. */
export function agentRoutes(client: Shunt): Route[] {
  return [
    route({
      method: 'GET',
      path: '/agents',
      access: 'viewer',
      tag: 'agents',
      summary: 'List agents',
      about:
        'Those with a home, tasks, a pin or a pause, in no order; one that stays known comes at least once. A page holds about limit, or none: go on until cursor is null.',
      query: z.strictObject({
        worker: worker.optional(),
        limit: digits(1, 200, `About how many; ${pageSize} unless said`).optional(),
        cursor: scanCursor.optional(),
      }),
      answers: { 200: { about: 'Agents; cursor is null after the last', type: page } },
      handle: async ({ query: { worker, limit = pageSize, cursor } }) => ({
        body: await client.agents.list({ worker, limit: Number(limit), cursor }),
      }),
    }),
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
    ...orders(client),
  ];
}

const query = dryRunQuery('Only tell what it would do');

function orders({ agents }: Shunt): Route[] {
  const [access, tag] = ['operator', 'agents'] as const;
  return [
    route({
      method: 'PUT',
      path: '/agents/{id}/pin',
      access,
      tag,
      summary: 'Have the tasks of an agent go to one worker and no other',
      about: 'It takes the place of an earlier pin. A worker without a label that a waiting task requires is a 409.',
      params,
      query,
      body: pinBody,
      answers: {
        200: { about: 'As ordered', type: z.object({ worker, soft: z.boolean(), ttlMs: z.int().nullable(), would }) },
      },
      audit: { action: 'agent.pin', target: ({ params: { id }, body }) => `agent ${id} ${body.worker}` },
      handle: async ({ params: { id }, query, body: { worker, ttl, soft = false, reason }, caller }) => {
        const asked = { worker, soft, ttlMs: ttl === undefined ? null : durationMs(ttl) };
        if (query.dryRun === 'true')
          return { body: { ...asked, would: await agents.plan(id, { order: 'pin', worker, soft, ttl }) } };
        await agents.pin(id, worker, { ttl, soft, by: caller.actor, reason });
        return { body: asked };
      },
    }),
    route({
      method: 'DELETE',
      path: '/agents/{id}/pin',
      access,
      tag,
      summary: 'Let the tasks of an agent go anywhere again',
      params,
      query,
      body: reasonBody,
      isBodyOptional: true,
      answers: { 200: { about: 'Whether it was pinned', type: z.object({ wasPinned: z.boolean(), would }) } },
      audit: { action: 'agent.unpin', target: ({ params: { id } }) => `agent ${id}` },
      handle: async (asked) => {
        const {
          params: { id },
          query,
        } = asked;
        if (query.dryRun !== 'true') return { body: { wasPinned: await agents.unpin(id, ordererOf(asked)) } };
        const { pin } = await agents.get(id);
        return { body: { wasPinned: pin !== null, would: await agents.plan(id, { order: 'unpin' }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/agents/{id}/release',
      access,
      tag,
      summary: 'Take an agent from its home, which closes its state',
      about: 'A task that waits goes to another worker, one that runs ends first.',
      params,
      query,
      body: reasonBody,
      isBodyOptional: true,
      answers: { 200: { about: 'Whether it had a home', type: z.object({ hadHome: z.boolean(), would }) } },
      audit: { action: 'agent.release', target: ({ params: { id } }) => `agent ${id}` },
      handle: async (asked) => {
        const {
          params: { id },
          query,
        } = asked;
        if (query.dryRun !== 'true') return { body: { hadHome: await agents.release(id, ordererOf(asked)) } };
        const { home } = await agents.get(id);
        return { body: { hadHome: home !== null, would: await agents.plan(id, { order: 'release' }) } };
      },
    }),
    route({
      method: 'POST',
      path: '/agents/{id}/move',
      access,
      tag,
      summary: 'Have an agent go to a worker with its next task, or with the one that waits',
      about: 'It may move on after that. A worker without a label that a waiting task requires is a 409.',
      params,
      query,
      body: z.strictObject({ worker, reason: reasonField }),
      answers: { 200: { about: 'As ordered', type: z.object({ worker, would }) } },
      audit: { action: 'agent.move', target: ({ params: { id }, body }) => `agent ${id} ${body.worker}` },
      handle: async ({ params: { id }, query, body: { worker, reason }, caller }) => {
        if (query.dryRun === 'true')
          return { body: { worker, would: await agents.plan(id, { order: 'move', worker }) } };
        await agents.move(id, worker, { by: caller.actor, reason });
        return { body: { worker } };
      },
    }),
    pauseRoute(
      agents,
      'pause',
      'Have the tasks of an agent wait, also those that come',
      async (id, orderer) => !(await agents.pause(id, orderer)),
    ),
    pauseRoute(agents, 'resume', 'Let the tasks of a paused agent go on', (id, orderer) => agents.resume(id, orderer)),
  ];
}

/** A route that pauses or resumes an agent. act: does it; resolves to whether it was paused before. */
function pauseRoute(
  agents: Shunt['agents'],
  verb: 'pause' | 'resume',
  summary: string,
  act: (id: string, orderer: OrderOptions) => Promise<boolean>,
): Route {
  return route({
    method: 'POST',
    path: `/agents/{id}/${verb}`,
    access: 'operator',
    tag: 'agents',
    summary,
    about: 'Order and home stay as they are. A task that runs ends first.',
    params,
    query,
    body: reasonBody,
    isBodyOptional: true,
    answers: { 200: { about: 'Whether it was paused before', type: z.object({ wasPaused: z.boolean(), would }) } },
    audit: { action: `agent.${verb}`, target: ({ params: { id } }) => `agent ${id}` },
    handle: async (asked) => {
      const {
        params: { id },
        query,
      } = asked;
      if (query.dryRun !== 'true') return { body: { wasPaused: await act(id, ordererOf(asked)) } };
      const { paused } = await agents.get(id);
      return { body: { wasPaused: paused !== null, would: await agents.plan(id, { order: verb }) } };
    },
  });
}
