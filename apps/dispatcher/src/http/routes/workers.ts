import { checked } from '@shunt/input';
import { workerState } from '@shunt/lanes';
import { breakerOrders, idProblem, type Shunt, type WorkerStats } from '@shunt/sdk';
import { z } from 'zod';
import { ordererOf } from '../orderer-of.js';
import { type Route, route } from '../route.js';
import { dryRunQuery, reasonBody, reasonField, would } from '../types.js';

const params = z.strictObject({
  id: checked<string>(idProblem).meta({ type: 'string', description: 'Worker id', examples: ['w1'] }),
});

const breakerBody = z.strictObject({
  order: z
    .enum(breakerOrders, "must be 'open', 'close' or 'auto'")
    .meta({ description: 'auto gives it back to the rules' }),
  reason: reasonField,
});

const worker = z.object({
  id: z.string(),
  state: z.enum(['up', 'out', 'draining', 'drained', 'dead']),
  isRoutable: z.boolean(),
  breaker: z.enum(['closed', 'open', 'half-open']),
  slots: z.int(),
  running: z.int(),
  waiting: z.int().meta({ description: 'Tasks in its lane' }),
  loadRatio: z.number().meta({ description: 'Running and waiting tasks for each slot' }),
  weight: z.number(),
  zone: z.string().nullable(),
  labels: z.record(z.string(), z.string()),
  host: z.string(),
  pid: z.int(),
  leaseUntil: z.number().meta({ description: 'Ms since 1970, by the clock of Redis' }),
  responseMs: z.number().nullable().meta({ description: 'How long its attempts take by now' }),
  errorRatio: z.number().meta({ description: 'Share of its recent attempts that failed by its fault' }),
});

/** A worker as the API tells it. */
export function workerBody(one: WorkerStats): z.output<typeof worker> {
  const { id, isRoutable, breaker, slots, running, waiting, weight, zone, labels, host, pid, leaseUntilMs, load } = one;
  return {
    id,
    state: workerState(one),
    isRoutable,
    breaker,
    slots,
    running,
    waiting,
    loadRatio: slots > 0 ? (running + waiting) / slots : 0,
    weight,
    zone: zone ?? null,
    labels: { ...labels },
    host,
    pid,
    leaseUntil: leaseUntilMs,
    responseMs: load?.responseMs ?? null,
    errorRatio: load?.errorRatio ?? 0,
  };
}

/** A worker in an answer. */
export type WorkerBody = z.output<typeof worker>;

const drainBody = z.object({
  waiting: z.int(),
  running: z.int(),
  others: z.int().meta({ description: 'Workers that may receive what it has' }),
  moved: z.int(),
});

/** What a drain moved, or would move. */
export type DrainBody = z.output<typeof drainBody>;

const evictBody = drainBody.extend({
  waiting: z.int().meta({ description: 'Tasks in its lane that go to others' }),
  staying: z.int().meta({ description: 'Tasks in its lane that are wanted there, or that nobody else may run' }),
});

/** What an eviction moved, or would move. */
export type EvictBody = z.output<typeof evictBody>;

const tag = 'workers';

/** An order that moves what waits for a worker. */
interface Moving<Plan> {
  readonly summary: string;
  readonly about: string;
  readonly type: z.ZodType;
  readonly plan: (id: string) => Promise<Plan>;
  /** Resolves to how many tasks it moved. */
  readonly move: (id: string, orderer: ReturnType<typeof ordererOf>) => Promise<number>;
}

function moving<Plan>(verb: 'drain' | 'evict', { summary, about, type, plan, move }: Moving<Plan>): Route {
  return route({
    method: 'POST',
    path: `/workers/{id}/${verb}`,
    access: 'operator',
    tag,
    summary,
    about,
    params,
    query: dryRunQuery('Only tell what it would move'),
    body: reasonBody,
    isBodyOptional: true,
    answers: { 200: { about: 'What it moved, or would move', type } },
    audit: { action: `worker.${verb}`, target: ({ params: { id } }) => `worker ${id}` },
    handle: async (asked) => {
      const { id } = asked.params;
      const found = await plan(id);
      return { body: { ...found, moved: asked.query.dryRun === 'true' ? 0 : await move(id, ordererOf(asked)) } };
    },
  });
}

/** The routes of workers. */
export function workerRoutes({ workers }: Shunt): Route[] {
  return [
    route({
      method: 'GET',
      path: '/workers',
      access: 'viewer',
      tag,
      summary: 'Every worker with its lane',
      answers: { 200: { about: 'The workers, by id', type: z.object({ workers: z.array(worker) }) } },
      handle: async () => ({ body: { workers: (await workers.list()).map(workerBody) } }),
    }),
    route({
      method: 'GET',
      path: '/workers/{id}',
      access: 'viewer',
      tag,
      summary: 'One worker',
      params,
      answers: { 200: { about: 'The worker', type: worker } },
      handle: async ({ params: { id } }) => ({ body: workerBody(await workers.get(id)) }),
    }),
    moving('drain', {
      summary: 'Give a worker nothing more, and its waiting tasks to others',
      about: 'What it runs ends there. It stays drained across restarts.',
      type: drainBody,
      plan: (id) => workers.drainPlan(id),
      move: (id, orderer) => workers.drain(id, orderer),
    }),
    route({
      method: 'POST',
      path: '/workers/{id}/undrain',
      access: 'operator',
      tag,
      summary: 'Let a drained worker receive again',
      about: 'From its next heartbeat on.',
      params,
      query: dryRunQuery('Only tell whether it is drained'),
      body: reasonBody,
      isBodyOptional: true,
      answers: { 200: { about: 'Whether it was drained', type: z.object({ wasDrained: z.boolean() }) } },
      audit: {
        action: 'worker.undrain',
        target: ({ params: { id } }) => `worker ${id}`,
      },
      handle: async (asked) => {
        const {
          params: { id },
          query,
        } = asked;
        const { isDrained } = await workers.get(id);
        if (query.dryRun !== 'true') await workers.undrain(id, ordererOf(asked));
        return { body: { wasDrained: isDrained } };
      },
    }),
    moving('evict', {
      summary: 'Give what waits for a worker to others, once',
      about: 'It receives as before. What it runs ends there; what a pin or retryOn wants there stays.',
      type: evictBody,
      plan: (id) => workers.evictPlan(id),
      move: (id, orderer) => workers.evict(id, orderer),
    }),
    route({
      method: 'PUT',
      path: '/workers/{id}/breaker',
      access: 'operator',
      tag,
      summary: "Open or close a worker's breaker by hand",
      about: 'It holds within a sweep.',
      params,
      query: dryRunQuery('Only tell what it would do'),
      body: breakerBody,
      answers: { 200: { about: 'As ordered', type: z.object({ order: breakerBody.shape.order, would }) } },
      audit: { action: 'worker.breaker', target: ({ params: { id }, body }) => `worker ${id} ${body.order}` },
      handle: async (asked) => {
        const { id } = asked.params;
        const { order } = asked.body;
        if (asked.query.dryRun === 'true') return { body: { order, would: await workers.breakerPlan(id, order) } };
        await workers.setBreaker(id, order, ordererOf(asked));
        return { body: { order } };
      },
    }),
  ];
}
