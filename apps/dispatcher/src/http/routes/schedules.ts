import { checked, duration } from '@shunt/input';
import {
  enqueueOptionsSchema,
  idProblem,
  poolNameProblem,
  type Shunt,
  ShuntError,
  type Timing,
  taskNameProblem,
} from '@shunt/sdk';
import { z } from 'zod';
import { ordererOf } from '../orderer-of.js';
import { type Route, route } from '../route.js';
import { reasonBody, reasonField } from '../types.js';

const idOf = (problemOf: (value: unknown) => string | null) =>
  z.strictObject({
    id: checked<string>(problemOf).meta({ type: 'string', description: 'Schedule id', examples: ['daily'] }),
  });

const body = z.strictObject({
  every: duration()
    .meta({ type: ['string', 'integer'], description: 'Time between its tasks, from 10ms; or else cron' })
    .optional(),
  cron: z
    .string('must be a text')
    .meta({ description: 'Five fields, six with seconds first', examples: ['0 9 * * 1-5'] })
    .optional(),
  tz: z
    .string('must be a text')
    .meta({ description: 'Time zone of cron; UTC unless said', examples: ['Europe/Berlin'] })
    .optional(),
  task: checked<string>(taskNameProblem).meta({ type: 'string', description: 'Task name', examples: ['report'] }),
  input: checked<unknown>((value) => (value === undefined ? 'may be null' : null)).meta({
    description: 'Any JSON, at most 256 KiB and 512 levels deep',
  }),
  options: enqueueOptionsSchema.meta({ description: 'As of a task, without id, delay and dedup' }).optional(),
  reason: reasonField,
});

const schedule = z.object({
  id: z.string(),
  task: z.string(),
  agentId: z.string().nullable(),
  input: z.unknown(),
  everyMs: z.int().nullable().meta({ description: 'Null for one by cron' }),
  cron: z.string().nullable(),
  tz: z.string().nullable(),
  nextAt: z.int().meta({ description: 'When its next task is due, in ms since 1970' }),
  firings: z.int().meta({ description: 'Tasks it made, the next one included' }),
});

/** The routes of tasks that are made again and again. */
export function scheduleRoutes({ schedules }: Shunt): Route[] {
  return [
    route({
      method: 'GET',
      path: '/schedules',
      access: 'viewer',
      tag: 'schedules',
      summary: 'Schedules, soonest first',
      answers: { 200: { about: 'At most 1,000', type: z.object({ schedules: z.array(schedule) }) } },
      handle: async () => ({ body: { schedules: await schedules.list() } }),
    }),
    route({
      method: 'PUT',
      path: '/schedules/{id}',
      access: 'submitter',
      tag: 'schedules',
      summary: 'Make a schedule, or replace it',
      about: 'Its next task is made when a worker takes the one before, so that none pile up.',
      params: idOf(poolNameProblem),
      body,
      answers: { 200: { about: 'As it is now', type: schedule } },
      audit: { action: 'schedule.upsert', target: ({ params: { id } }) => `schedule ${id}` },
      handle: async ({ params: { id }, body, caller }) => {
        const { every, cron, tz, task, input, options = {} } = body;
        const given = Object.entries({ every, cron, tz }).filter(([, value]) => value !== undefined);
        const timing = Object.fromEntries(given) as unknown as Timing;
        return {
          body: await schedules.upsert(id, timing, task, input, {
            ...options,
            ...ordererOf({ caller, body }),
          } as object),
        };
      },
    }),
    route({
      method: 'DELETE',
      path: '/schedules/{id}',
      access: 'submitter',
      tag: 'schedules',
      summary: 'End a schedule',
      about: 'A task of it that is due already still runs.',
      params: idOf(idProblem),
      body: reasonBody,
      isBodyOptional: true,
      answers: { 204: { about: 'It has ended' } },
      audit: { action: 'schedule.remove', target: ({ params: { id } }) => `schedule ${id}` },
      handle: async ({ params: { id }, body, caller }) => {
        if (!(await schedules.remove(id, ordererOf({ caller, body }))))
          throw new ShuntError('NOT_FOUND', 'There is no such schedule');
        return { status: 204 };
      },
    }),
  ];
}
