import { Dispatcher } from '@shunt/lanes';
import { connect, createWorker } from '@shunt/sdk';
import type { BenchTask, System } from './system.js';

/** The pool of every run. */
export const shuntPool = 'bench';
const pool = shuntPool;

/** Shunt with one dispatcher. */
export const shunt: System = {
  name: 'shunt',
  producer: (url) => {
    const client = connect({ redis: url, pool, timeout: '60s' });
    return {
      enqueue: (task) => client.enqueue('turn', task, { agentId: task.agent, keep: { completed: false } }),
      close: async () => client.close(),
    };
  },
  worker: async (url, index, _workers, { slots, maxAgents }, run) => {
    const handlers = { turn: (task: BenchTask) => run(task) };
    const worker = createWorker({ redis: url, pool, id: `w${index}`, slots, maxAgents, handlers });
    worker.run().catch((error) => {
      throw error;
    });
    await worker.lane.waitUntilReady();
    return { close: async () => void (await worker.close()) };
  },
  dispatcher: async (url) => {
    const dispatcher = new Dispatcher({ redis: url, pool });
    dispatcher.on('error', (error) => console.error(error));
    dispatcher.start();
    return { close: () => dispatcher.stop() };
  },
};
