import { checked } from '@shunt/input';
import {
  type EnqueueOptions,
  type EnqueueResult,
  enqueueOptionsSchema,
  idProblem,
  invalidInput,
  type Shunt,
  ShuntError,
  taskNameProblem,
} from '@shunt/sdk';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AgentKey } from '../agent-key.js';
import { ordererOf } from '../orderer-of.js';
import { type Problem, problemOfError } from '../problem.js';
import { type Route, route } from '../route.js';
import { inTraceOf, inTraces } from '../trace-context.js';
import {
  accepted,
  asNumber,
  dryRunQuery,
  durationText,
  reasonBody,
  reasonField,
  taskIdParam,
  taskStatus,
  would,
} from '../types.js';

/** Most tasks of one bulk request, and its largest body in bytes. */
const maxBulkTasks = 1000;
const bulkBytes = 8 * 1024 * 1024;
/** Longest wait for a result. */
const maxWaitMs = 60_000;

const idempotencyAbout =
  'Repeating a request with the same key makes no second task; with another input it is a 409. Unique within the agent, as options.id';

const taskBody = z.strictObject({
  task: checked<string>(taskNameProblem).meta({ type: 'string', description: 'Task name', examples: ['chat.turn'] }),
  input: checked<unknown>((value) => (value === undefined ? 'may be null' : null)).meta({
    description: 'Any JSON, at most 256 KiB and 512 levels deep',
  }),
  options: enqueueOptionsSchema.optional(),
});

const bulkBody = z.strictObject({
  tasks: z
    .array(
      z
        .unknown()
        .meta({ description: 'As the body of POST /v1/tasks; trace: headers of W3C trace context that it continues' }),
      `must be an array of 1 to ${maxBulkTasks} tasks`,
    )
    .min(1, `must be an array of 1 to ${maxBulkTasks} tasks`)
    .max(maxBulkTasks, `must be an array of 1 to ${maxBulkTasks} tasks`),
});

const cancelBody = z.strictObject({
  reason: reasonField.meta({ description: "Why; told in the audit, the journal and the task's failedReason" }),
  force: z.boolean('must be true or false').meta({ description: 'End one that runs at once' }).optional(),
});

const retried = z.object({ outcome: z.literal('retried') });

const itemResult = z.union([
  accepted.extend({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), problem: z.unknown().meta({ description: 'As an answer with an error' }) }),
]);

const ending = z.object({
  outcome: z.enum(['completed', 'failed', 'cancelled']),
  value: z.unknown().meta({ description: 'What the handler returned, when it completed' }),
  reason: z.string().optional().meta({ description: 'Why it did not complete' }),
});

/** How a task ended, in an answer. */
export type EndingBody = z.output<typeof ending>;

/** Times and counts what is enqueued. */
export interface EnqueueMeter {
  one<T>(enqueue: () => Promise<T>): Promise<T>;
  many(enqueue: () => Promise<EnqueueResult[]>): Promise<EnqueueResult[]>;
}

/** The routes that make tasks, and follow one. */
export function taskRoutes(client: Shunt, meter: EnqueueMeter, agentOf: AgentKey): Route[] {
  return [
    route({
      method: 'POST',
      path: '/tasks',
      access: 'submitter',
      tag: 'tasks',
      summary: 'Enqueue a task',
      body: taskBody,
      about:
        'Its agent is options.agentId, else what the dispatcher was told to take: a header, a cookie, the address of the client.',
      headers: { 'Idempotency-Key': idempotencyAbout },
      answers: { 202: { about: 'Accepted; Location is the task', type: accepted } },
      handle: async ({ body, request }) => {
        const { task, input, options = {} } = body;
        const agentId = agentOf(request, options.agentId);
        const own = { ...(options as EnqueueOptions), ...(agentId === undefined ? {} : { agentId }) };
        const keyed = withKey(own, idempotencyKey(request));
        const { id, deduplicated } = await meter.one(() =>
          inTraceOf(request, () => client.enqueue(task, input, keyed)),
        );
        return { status: 202, headers: { location: pathOf(id) }, body: { id, deduplicated } };
      },
    }),
    route({
      method: 'POST',
      path: '/tasks/bulk',
      access: 'submitter',
      tag: 'tasks',
      summary: 'Enqueue many tasks',
      about: `Up to ${maxBulkTasks} tasks and 8 MiB, each with its own result at its index. With an Idempotency-Key the n-th one has the id \`<key>.<n>\` unless it says its own.`,
      body: bulkBody,
      bodyBytes: bulkBytes,
      headers: { 'Idempotency-Key': idempotencyAbout },
      answers: { 200: { about: 'What became of each', type: z.object({ results: z.array(itemResult) }) } },
      handle: async ({ body, request }) => {
        const key = idempotencyKey(request);
        const items = body.tasks.map((item, n) => (key === undefined ? item : withItemKey(item, `${key}.${n}`)));
        const results = await meter.many(() => inTraces(request, items, (some) => client.enqueueMany(some as never)));
        return {
          body: {
            results: results.map((result) => {
              if (!result.ok) return { ok: false, problem: problemOfError(result.error) satisfies Problem };
              const { id, deduplicated } = result.handle;
              return { ok: true, id, deduplicated };
            }),
          },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/tasks/{id}',
      access: 'viewer',
      tag: 'tasks',
      summary: 'Where a task is',
      params: taskIdParam,
      answers: { 200: { about: 'The task', type: taskStatus } },
      handle: async ({ params }) => {
        const status = await client.task(params.id).status();
        if (status.state === 'missing') throw notFound(params.id);
        return { body: status };
      },
    }),
    route({
      method: 'GET',
      path: '/tasks/{id}/result',
      access: 'viewer',
      tag: 'tasks',
      summary: 'How a task ended',
      params: taskIdParam,
      query: z.strictObject({ wait: durationText(maxWaitMs, 'How long to wait for its end, at most 60s').optional() }),
      answers: {
        200: { about: 'It has ended', type: ending },
        202: { about: 'It has not ended yet', type: z.object({ outcome: z.null() }) },
      },
      handle: async ({ params, query }) => {
        const wait = asNumber(query.wait ?? 0) as string | number;
        const ended = await client.task(params.id).ended({ wait });
        return ended === null ? { status: 202, body: { outcome: null } } : { body: ended };
      },
    }),
    route({
      method: 'POST',
      path: '/tasks/{id}/cancel',
      access: 'submitter',
      tag: 'tasks',
      summary: 'Cancel a task',
      about:
        'A task that runs is aborted by its worker, which hears of it by its next heartbeat. By force it has ended at once, and the next task of its agent waits until the handler has ended.',
      params: taskIdParam,
      query: dryRunQuery('Only tell what it would meet'),
      body: cancelBody,
      isBodyOptional: true,
      answers: {
        200: {
          about: 'What it met, or would meet',
          type: z.object({ outcome: z.enum(['cancelled', 'cancelling', 'waiting-children', 'finished']) }),
        },
      },
      audit: { action: 'task.cancel', target: ({ params }) => `task ${params.id}` },
      handle: async ({ params, query, caller, body }) => {
        const task = client.task(params.id);
        const options = { ...body, by: caller.actor };
        const outcome = await (query.dryRun === 'true' ? task.cancelPlan(options) : task.cancel(options));
        if (outcome === 'missing') throw notFound(params.id);
        return { body: { outcome } };
      },
    }),
    route({
      method: 'POST',
      path: '/tasks/{id}/retry',
      access: 'submitter',
      tag: 'tasks',
      summary: 'Run a failed task again',
      about: "With all its attempts, behind its agent's other tasks. A task that has not failed is a 409.",
      params: taskIdParam,
      query: dryRunQuery('Only tell what it would do'),
      body: reasonBody,
      isBodyOptional: true,
      answers: {
        200: { about: 'What it would do, of a dry run', type: retried.extend({ would }) },
        202: { about: 'It runs again', type: retried },
      },
      audit: { action: 'task.retry', target: ({ params }) => `task ${params.id}` },
      handle: async (asked) => {
        const { params, query } = asked;
        const task = client.task(params.id);
        const isDryRun = query.dryRun === 'true';
        const met = isDryRun ? await task.retryPlan() : { outcome: await task.retry(ordererOf(asked)) };
        if (met.outcome === 'missing') throw notFound(params.id);
        if (met.outcome === 'not-failed')
          throw new ShuntError('CONFLICT', 'Only a failed or cancelled task can be retried');
        return isDryRun ? { body: met } : { status: 202, headers: { location: pathOf(params.id) }, body: met };
      },
    }),
  ];
}

/** Where a task is in the API; relative, so that no Host header has a say in it. */
function pathOf(id: string): string {
  return `/v1/tasks/${encodeURIComponent(id)}`;
}

function notFound(id: string): ShuntError {
  return new ShuntError('NOT_FOUND', 'There is no such task: it was removed, or never there', {
    details: { task: id },
  });
}

function idempotencyKey({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  const message = idProblem(key);
  if (message !== null) throw invalidInput([{ field: 'Idempotency-Key', message }]);
  return String(key);
}

/** The key is the task's id, unless it says another one. */
function withKey(options: EnqueueOptions, key: string | undefined): EnqueueOptions {
  if (key === undefined || options.id === key) return options;
  if (options.id === undefined) return { ...options, id: key };
  throw invalidInput([{ field: 'Idempotency-Key', message: 'must be the same as options.id, or left out' }]);
}

/** The same for an item of which nothing is known yet. */
function withItemKey(item: unknown, key: string): unknown {
  const { options } = (item ?? {}) as { options?: { id?: unknown } };
  const isObject = typeof options === 'object' && options !== null && !Array.isArray(options);
  if (typeof item !== 'object' || item === null || (options !== undefined && !isObject)) return item;
  return options?.id === undefined ? { ...item, options: { ...options, id: key } } : item;
}
