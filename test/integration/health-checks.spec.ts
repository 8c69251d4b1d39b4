import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { poolStats } from '@shunt/lanes';
import { describe, expect } from 'vitest';
import type { TestPool } from '../support/pool.js';
import { it as base, until } from '../support/pool-test.js';

/** An endpoint of a worker that answers as it is told. */
class Endpoint {
  answer: number | 'never' = 200;
  asked = 0;
  url = '';
  private readonly server = createServer((_, reply) => {
    this.asked++;
    if (this.answer === 'never') return;
    reply.statusCode = this.answer;
    reply.end();
  });

  async listen(): Promise<this> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/health`;
    return this;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const it = base.extend<{ endpoint: Endpoint }>({
  endpoint: async ({ task: _task }, use) => {
    const endpoint = await new Endpoint().listen();
    await use(endpoint);
    endpoint.close();
  },
});

/** A well answer comes in time on a busy machine too. */
const check = { interval: 50, timeout: 1000, up: 2, down: 3 };
const stateOf = async (pool: TestPool, id: string) =>
  (await poolStats(pool.redis, pool.keys)).workers.find((worker) => worker.id === id)?.breaker;

describe('a worker that beats', () => {
  it.for([503, 302, 'never'] as const)(
    'but answers the dispatcher with %s is out, and is tried again once it answers well',
    async (answer, { pool, endpoint }) => {
      pool.dispatcher({ sweep: 50, breaker: { openMs: 1 }, healthCheck: check });
      pool.worker(async () => undefined, { workerId: 'w', healthUrl: endpoint.url });
      pool.worker(async () => undefined, { workerId: 'other' });
      await until(() => endpoint.asked >= 5);
      expect(await stateOf(pool, 'w')).toBe('closed');
      endpoint.answer = answer;
      await until(async () => (await stateOf(pool, 'w')) === 'open');
      const asked = endpoint.asked;
      await until(() => endpoint.asked > asked + 3);
      expect(await stateOf(pool, 'w')).toBe('open');
      endpoint.answer = 200;
      await until(async () => (await stateOf(pool, 'w')) === 'half-open');
      const journal = await pool.redis.xrange(pool.keys.of('journal'), '-', '+');
      const reasons = journal.filter(([, [, event]]) => event === 'breaker').map(([, fields]) => fields.at(-1));
      expect(reasons).toEqual(['unhealthy', 'probation']);
    },
  );

  it('and says no address is not asked, nor does it count as down', async ({ pool, endpoint }) => {
    pool.dispatcher({ sweep: 50, healthCheck: check });
    pool.worker(async () => undefined, { workerId: 'asked', healthUrl: endpoint.url });
    pool.worker(async () => undefined, { workerId: 'silent' });
    await until(() => endpoint.asked >= 8);
    expect(await stateOf(pool, 'silent')).toBe('closed');
  });

  it('is not asked unless that is wanted', async ({ pool, endpoint }) => {
    const dispatcher = pool.dispatcher({ sweep: 20 });
    pool.worker(async () => undefined, { workerId: 'w', healthUrl: endpoint.url });
    await until(async () => (await stateOf(pool, 'w')) === 'closed' && dispatcher.leadership.term > 0);
    await (await pool.client().enqueue('t', 0, { agentId: 'a' })).result({ timeout: '60s' });
    expect(endpoint.asked).toBe(0);
  });
});
