import { allRuns, runBoundsMs, warmRatio } from '@shunt/lanes';
import type { Shunt } from '@shunt/sdk';
import { z } from 'zod';
import type { RateMeter } from '../rate-meter.js';
import { type Route, route } from '../route.js';
import { digits, streamCursor } from '../types.js';
import { assertServed, configFields, poolConfigRoute, poolParam, versionTag } from './pool-config.js';
import { workerBody } from './workers.js';

/** What the routes of a pool need. */
export interface PoolRoutesOptions {
  readonly client: Shunt;
  /** The pool that this dispatcher serves. */
  readonly pool: string;
  readonly version: string;
  readonly rates: RateMeter;
  /** What this dispatcher does right now. */
  readonly dispatcher: () => { readonly id: string; readonly isLeading: boolean; readonly isConnected: boolean };
}

const pageSize = 100;
const spread = z
  .object({ meanMs: z.number(), p50Ms: z.number(), p90Ms: z.number(), p99Ms: z.number(), maxMs: z.number() })
  .nullable();
const count = z.int();
const tasks = z.object({
  intake: count,
  yard: count,
  lane: count,
  mailbox: count,
  running: count,
  delayed: count,
});

const poolBody = z.object({
  pool: z.string(),
  tasks,
  workers: z.object({ up: count, out: count }),
  slots: count.meta({ description: 'Of workers that are up' }),
  ...configFields,
  dispatcher: z.object({ id: z.string(), isLeading: z.boolean(), isConnected: z.boolean() }),
});
const auditBody = z.object({
  entries: z.array(
    z.object({
      id: z.string(),
      actor: z.string(),
      role: z.string(),
      action: z.string(),
      target: z.string(),
      reason: z.string(),
      outcome: z.string(),
      request: z.string(),
    }),
  ),
  cursor: z.string().nullable(),
});

/** A pool, and a page of its audit, in answers. */
export type PoolBody = z.output<typeof poolBody>;
export type AuditBody = z.output<typeof auditBody>;

/** The routes of a pool as a whole. */
export function poolRoutes({ client, pool, version, rates, dispatcher }: PoolRoutesOptions): Route[] {
  return [
    route({
      method: 'GET',
      path: '/pools/{pool}',
      access: 'viewer',
      tag: 'pool',
      summary: 'A pool and what it was told',
      params: poolParam,
      answers: {
        200: {
          about: 'The pool; ETag is the version of its configuration',
          type: poolBody,
        },
      },
      handle: async ({ params }) => {
        assertServed(params.pool, pool);
        const [stats, { version: configVersion, config }] = await Promise.all([
          client.pool.stats(),
          client.pool.getConfig(),
        ]);
        const up = stats.workers.filter(({ isRoutable }) => isRoutable);
        const slots = up.reduce((sum, one) => sum + one.slots, 0);
        const workers = { up: up.length, out: stats.workers.length - up.length };
        return {
          headers: versionTag(configVersion),
          body: { pool, tasks: stats.tasks, workers, slots, config, configVersion, dispatcher: dispatcher() },
        };
      },
    }),
    poolConfigRoute(client, pool),
    route({
      method: 'GET',
      path: '/stats',
      access: 'viewer',
      tag: 'pool',
      summary: 'How the pool does',
      about:
        'Totals since the pool exists; rates over the last minute, as this dispatcher looked; times of the 500 tasks that completed last.',
      answers: {
        200: {
          about: 'The figures',
          type: z.object({
            tasks,
            totals: z.object({
              enqueued: count,
              completed: count,
              failedAttempts: count,
              failed: count,
              cancelled: count,
            }),
            rates: z.object({
              overMs: z.number(),
              enqueuedPerSecond: z.number(),
              completedPerSecond: z.number(),
              failedPerSecond: z.number(),
              errorRatio: z.number().nullable(),
            }),
            oldestAgeMs: z
              .number()
              .meta({ description: 'How long the task has waited that is next and waits longest' }),
            runs: z.array(z.object({ upToMs: count.nullable(), attempts: count })).meta({
              description: 'Attempts since the pool exists by how long they took; null for longer than all others',
            }),
            times: z.object({ tasks: count, total: spread, wait: spread, run: spread }),
            warmRatio: z
              .number()
              .nullable()
              .meta({ description: "Warm share: starts of agents' tasks that met their state, of all of them" }),
            workers: z.array(
              z.object({
                id: z.string(),
                state: z.string(),
                slots: count,
                running: count,
                waiting: count,
                loadRatio: z.number(),
              }),
            ),
          }),
        },
      },
      handle: async () => {
        const [stats, times, oldestAgeMs] = await Promise.all([
          client.pool.stats(),
          client.pool.responseTimes(),
          client.pool.oldestAgeMs(),
        ]);
        const { enqueued, completed, failed: failedAttempts, finishedFailed: failed, cancelled } = stats;
        return {
          body: {
            tasks: stats.tasks,
            totals: { enqueued, completed, failedAttempts, failed, cancelled },
            rates: rates.rates(),
            oldestAgeMs,
            runs: allRuns(stats.runs).counts.map((attempts, i) => ({ upToMs: runBoundsMs[i] ?? null, attempts })),
            times,
            warmRatio: warmRatio(stats),
            workers: stats.workers.map(workerBody).map(({ id, state, slots, running, waiting, loadRatio }) => {
              return { id, state, slots, running, waiting, loadRatio };
            }),
          },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/audit',
      access: 'admin',
      tag: 'pool',
      summary: 'Who changed what, newest first',
      query: z.strictObject({
        limit: digits(1, 1000, `Most entries; ${pageSize} unless said`).optional(),
        cursor: streamCursor.optional(),
      }),
      answers: {
        200: {
          about: 'Entries; cursor is null after the last',
          type: auditBody,
        },
      },
      handle: async ({ query }) => {
        const limit = Number(query.limit ?? pageSize);
        const entries = await client.pool.audit({ limit, before: query.cursor });
        return { body: { entries, cursor: entries.length < limit ? null : (entries.at(-1)?.id ?? null) } };
      },
    }),
    route({
      method: 'GET',
      path: '/version',
      access: 'viewer',
      tag: 'pool',
      summary: 'What runs here',
      answers: { 200: { about: 'The version', type: z.object({ version: z.string(), pool: z.string() }) } },
      handle: async () => ({ body: { version, pool } }),
    }),
  ];
}
