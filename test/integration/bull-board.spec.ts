import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { type Queue } from 'bullmq';
import { describe, expect } from 'vitest';
import { it } from '../support/pool-test.js';

interface Route {
  readonly method: string | string[];
  readonly route: string | string[];
  handler(request: object): Promise<{ status?: number; body: never }> | { status?: number; body: never };
}

/** A bull-board without a web server: calls its API routes. */
class Board {
  private routes: Route[] = [];
  private queues: unknown;

  constructor(queue: Queue) {
    const chain = () => this.adapter;
    const rest = { setViewsPath: chain, setStaticPath: chain, setEntryRoute: chain, setErrorHandler: chain };
    Object.assign(this.adapter, rest, { setUIConfig: chain });
    createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter: this.adapter as never });
  }

  private readonly adapter: object = {
    setQueues: (queues: unknown) => {
      this.queues = queues;
      return this.adapter;
    },
    setApiRoutes: (routes: Route[]) => {
      this.routes = routes;
      return this.adapter;
    },
  };

  /** The body of an answer with a status of success. */
  async call(method: string, route: string, params: object = {}, query: object = {}): Promise<Record<string, never>> {
    const found = this.routes.find((known) => known.method === method && known.route === route);
    const request = { queues: this.queues, uiConfig: {}, query, params, body: {}, headers: {} };
    const { status = 200, body } = (await found?.handler(request)) ?? { status: 404 };
    expect([route, Math.floor(status / 100)]).toEqual([route, 2]);
    return body as unknown as Record<string, never>;
  }
}

describe('bull-board', () => {
  it('lists the pool and its counts, shows a task, retries a failed one', async ({ pool }) => {
    let isFixed = false;
    pool.dispatcher();
    pool.worker(async (job) => {
      if (job.name === 'bad' && !isFixed) throw new Error('no');
      return 'done';
    });
    const queue = pool.queue();
    const events = await pool.events();
    const good = await queue.add('good', { agentId: 'a' });
    const bad = await queue.add('bad', { agentId: 'a' });
    await good.waitUntilFinished(events, 60_000);
    await expect(bad.waitUntilFinished(events, 60_000)).rejects.toThrow('no');

    const board = new Board(queue);
    const { queues } = await board.call(
      'get',
      '/api/queues',
      {},
      { activeQueue: queue.name, page: '1', jobsPerPage: '9' },
    );
    expect(queues).toMatchObject([
      { name: queue.name, hasWorkers: true, counts: { completed: 1, failed: 1, active: 0 } },
    ]);
    const task = { queueName: queue.name, jobId: good.id };
    expect(await board.call('get', '/api/queues/:queueName/:jobId', task)).toMatchObject({
      status: 'completed',
      job: { id: good.id, name: 'good', data: { agentId: 'a' }, returnValue: 'done' },
    });
    isFixed = true;
    await board.call('put', '/api/queues/:queueName/:jobId/retry', { ...task, jobId: bad.id, queueStatus: 'failed' });
    expect(await bad.waitUntilFinished(events, 60_000)).toBe('done');
  });
});
