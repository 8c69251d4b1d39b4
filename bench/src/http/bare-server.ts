/** A bare Fastify route that adds to a BullMQ queue: what an HTTP producer costs without Shunt. */
import { Queue } from 'bullmq';
import { fastify } from 'fastify';

const queue = new Queue('bare', { connection: { url: process.env.SHUNT_REDIS_URL } as never });
const app = fastify({ bodyLimit: 8 * 1024 * 1024 });

interface Body {
  readonly task: string;
  readonly input: unknown;
}

const removed = { removeOnComplete: true };
app.post<{ Body: Body }>('/v1/tasks', async ({ body: { task, input } }) => {
  const { id } = await queue.add(task, input, removed);
  return { id };
});
app.post<{ Body: { tasks: Body[] } }>('/v1/tasks/bulk', async ({ body: { tasks } }) => {
  const jobs = await queue.addBulk(tasks.map(({ task, input }) => ({ name: task, data: input, opts: removed })));
  return { results: jobs.map(({ id }) => ({ id })) };
});
process.on('disconnect', () => process.exit(1));
process.send?.({ endpoint: await app.listen({ host: '127.0.0.1', port: 0 }) });
