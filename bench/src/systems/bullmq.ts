import { hash32 } from '@shunt/balancing';
import { type ConnectionOptions, Queue, Worker } from 'bullmq';
import type { BenchTask, Closable, Producer, RunTask, System } from './system.js';

const connection = (url: string) => ({ url }) as unknown as ConnectionOptions;
const options = { removeOnComplete: true };

function producerOf(queues: readonly Queue[]): Producer {
  const queueOf = (agent: string) => queues[queues.length === 1 ? 0 : hash32(agent) % queues.length] as Queue;
  return {
    enqueue: (task) => queueOf(task.agent).add('turn', task, options),
    close: async () => {
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}

async function workerOf(name: string, url: string, slots: number, run: RunTask): Promise<Closable> {
  const worker = new Worker<BenchTask>(name, (job) => run(job.data), {
    connection: connection(url),
    concurrency: slots,
  });
  await worker.waitUntilReady();
  return worker;
}

/** Plain BullMQ: one queue, any worker takes any task. */
export const bullmqShared: System = {
  name: 'bullmq-shared',
  producer: (url) => producerOf([new Queue('shared', { connection: connection(url) })]),
  worker: (url, _index, _workers, { slots }, run) => workerOf('shared', url, slots, run),
  dispatcher: null,
};

/** What people build by hand: a queue per worker, the agent's hash picks it. */
export const bullmqHashed: System = {
  name: 'bullmq-hashed',
  producer: (url, workers) => {
    const names = Array.from({ length: workers }, (_, i) => `hashed-${i}`);
    return producerOf(names.map((name) => new Queue(name, { connection: connection(url) })));
  },
  worker: (url, index, _workers, { slots }, run) => workerOf(`hashed-${index}`, url, slots, run),
  dispatcher: null,
};
