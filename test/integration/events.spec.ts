import { Queue, QueueEvents, Worker } from 'bullmq';
import { type Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import { it } from '../support/pool-test.js';

/** The handler of the program that both kinds of worker run. */
async function handle(job: { name: string; attemptsMade: number; updateProgress(value: number): Promise<void> }) {
  if (job.name === 'progress') await job.updateProgress(10);
  if (job.name === 'fail') throw new Error('no');
  if (job.name === 'retry' && job.attemptsMade < 2) throw new Error('not yet');
}

/** Adds tasks of every kind and waits for their ends. */
async function program(queue: Queue, events: QueueEvents): Promise<void> {
  const add = (name: string, jobId: string, opts: object = {}) => queue.add(name, { agentId: 'a' }, { jobId, ...opts });
  const deduplication = { id: 'k', ttl: 600_000 };
  const jobs = [
    await add('ok', 'plain'),
    await add('progress', 'with progress'),
    await add('fail', 'failing'),
    await add('retry', 'retried at once', { attempts: 3 }),
    await add('retry', 'retried later', { attempts: 3, backoff: 5 }),
    await add('retry', 'exhausted', { attempts: 2 }),
    await add('ok', 'prioritised', { priority: 3 }),
    await add('ok', 'due later', { delay: 5 }),
    await add('ok', 'with a key', { deduplication }),
  ];
  await Promise.allSettled(jobs.map((job) => job.waitUntilFinished(events, 60_000)));
  await add('ok', 'plain');
  await add('ok', 'same key', { deduplication });
  const gone = await add('ok', 'gone', { removeOnComplete: true });
  await gone.waitUntilFinished(events, 60_000).catch(() => undefined);
  await (await queue.getJob('plain'))?.remove();
  const later = await add('ok', 'promoted', { delay: 600_000 });
  await later.promote();
  await later.waitUntilFinished(events, 60_000);
  await (await queue.getJob('failing'))?.retry();
  const last = await add('ok', 'last');
  await last.waitUntilFinished(events, 60_000);
}

/** What a queue's event stream tells of each task, in order: the event, and the state before where it says one. */
async function told(redis: Redis, queueName: string): Promise<Record<string, string[]>> {
  const seen: Record<string, string[]> = {};
  for (const [, flat] of await redis.xrange(`shunt:${queueName}:events`, '-', '+')) {
    const fields = new Map(flat.map((value, i) => [value, flat[i + 1]] as const).filter((_, i) => i % 2 === 0));
    const jobId = fields.get('jobId');
    if (jobId === undefined) continue;
    const event = [fields.get('event'), fields.get('prev')].filter(Boolean).join(' from ');
    seen[jobId] = [...(seen[jobId] ?? []), event];
  }
  return seen;
}

describe('the events of a queue', () => {
  it('are those of a plain BullMQ worker, task by task', async ({ pool }) => {
    const opts = { prefix: 'shunt', connection: { url: pool.url } as never };
    const plainName = `${pool.pool}-plain`;
    const plainQueue = new Queue(plainName, opts);
    const plainEvents = new QueueEvents(plainName, opts);
    const plainWorker = new Worker(plainName, handle, opts);
    await program(plainQueue, plainEvents);
    await Promise.all([plainWorker.close(), plainEvents.close(), plainQueue.close()]);

    pool.dispatcher();
    pool.worker(handle);
    await program(pool.queue(), await pool.events());

    const plain = await told(pool.redis, plainName);
    expect(Object.keys(plain)).toHaveLength(12);
    expect(await told(pool.redis, pool.queueName)).toEqual(plain);
  });
});
