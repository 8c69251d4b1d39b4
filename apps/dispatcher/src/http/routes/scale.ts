import { checked, wholeNumber } from '@shunt/input';
import { maxWorkers } from '@shunt/lanes';
import type { Shunt } from '@shunt/sdk';
import { z } from 'zod';
import { type Route, route } from '../route.js';
import { dryRunQuery, reasonField, would } from '../types.js';
import { assertServed, poolParam } from './pool-config.js';

const scale = z.object({
  pool: z.string(),
  workers: z.int().meta({ description: 'Workers that receive' }),
  target: z.int().meta({ description: 'What a scaler goes by: the wish, else the advice' }),
  desired: z.int().meta({ description: "The leader's advice, for autoscalers" }),
  wished: z.int().nullable(),
  leaving: z.int().meta({ description: 'Workers that are being taken out' }),
  loadTasks: z.int().meta({ description: 'Tasks that run, or wait and could run on any worker' }),
  slots: z.int(),
  oldestAgeMs: z.number(),
  hasScaler: z.boolean().meta({ description: 'Whether a scaler follows the wish; without one nobody starts workers' }),
});

const message = `must be 'auto' or a whole number from 0 to ${maxWorkers}`;
const scaleBody = z.strictObject({
  workers: checked<'auto' | number>((value) =>
    value === 'auto' || wholeNumber(0, maxWorkers).safeParse(value).success ? null : message,
  ).meta({ anyOf: [{ const: 'auto' }, { type: 'integer', minimum: 0, maximum: maxWorkers }], examples: [8] }),
  reason: reasonField,
});

/** How many workers a pool has and should have, in an answer. */
export type ScaleBody = z.output<typeof scale>;

/** The routes that tell and wish how many workers a pool has. */
export function scaleRoutes(client: Shunt, pool: string): Route[] {
  const path = '/pools/{pool}/scale';
  const tag = 'pool';
  return [
    route({
      method: 'GET',
      path,
      access: 'viewer',
      tag,
      summary: 'How many workers a pool has and should have',
      about: "Flat, for KEDA's metrics-api scaler.",
      params: poolParam,
      answers: { 200: { about: 'As it is now', type: scale } },
      handle: async ({ params }) => {
        assertServed(params.pool, pool);
        return { body: { pool, ...(await client.pool.scale()) } };
      },
    }),
    route({
      method: 'PUT',
      path,
      access: 'operator',
      tag,
      summary: 'Wish for so many workers',
      about:
        'A scaler follows: who is to go is drained first. Without a scaler it is advice. auto leaves it to the advice.',
      params: poolParam,
      query: dryRunQuery('Only tell what it would do'),
      body: scaleBody,
      answers: { 200: { about: 'As it is now, or would be', type: scale.extend({ would }) } },
      audit: { action: 'pool.scale', target: ({ params, body }) => `pool ${params.pool} to ${body.workers}` },
      handle: async ({ params, query, body: { workers, reason }, caller }) => {
        assertServed(params.pool, pool);
        if (query.dryRun === 'true') return { body: { pool, ...(await client.pool.scalePlan(workers)) } };
        await client.pool.setScale(workers, { by: caller.actor, reason });
        return { body: { pool, ...(await client.pool.scale()) } };
      },
    }),
  ];
}
