import { LaneWorker } from '@shunt/lanes';
import { Cluster, Redis } from 'ioredis';
import { describe, expect } from 'vitest';
import { it, until } from '../support/pool-test.js';

const handler = async () => undefined;

describe('the connection of a worker', () => {
  it('keeps the options beside its url', async ({ pool }) => {
    const worker = pool.worker(handler, { connection: { url: pool.url, db: 3 } as never });
    const inDb3 = new Redis(pool.url, { db: 3 });
    await until(async () => (await inDb3.hexists(pool.keys.of('workers'), worker.workerId)) === 1);
    inDb3.disconnect();
  });

  it('that is missing is refused with the form to give', ({ pool }) => {
    expect(() => new LaneWorker(pool.queueName, handler, {} as never)).toThrow(/connection/);
    expect(() => new LaneWorker(pool.queueName, handler, {} as never)).not.toThrow(TypeError);
  });

  it('that is a Cluster is used or refused, never replaced by a local Redis', ({ pool }) => {
    const cluster = new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true });
    expect(() => new LaneWorker(pool.queueName, handler, { connection: cluster as never })).toThrow(/cluster/i);
  });
});
