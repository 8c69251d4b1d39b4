import { createServer } from 'node:net';
import { connect, type HttpConnectOptions, type ShuntClient } from '@shunt/sdk';
import { afterEach, describe, expect, onTestFinished } from 'vitest';
import { FaultProxy } from '../../support/fault-proxy.js';
import { type HttpApi, type HttpPool, it, keyOf } from '../../support/http.js';
import { until } from '../../support/pool-test.js';
import { refusalOf } from '../../support/refusal.js';

const opened: ShuntClient[] = [];
afterEach(() => {
  for (const client of opened.splice(0)) client.close();
});

function open(options: HttpConnectOptions): ShuntClient {
  const client = connect(options);
  opened.push(client);
  return client;
}

/** A client that reaches a dispatcher through a faulty network. */
async function through({ url }: HttpApi, { pool }: HttpPool) {
  const proxy = await FaultProxy.open(url);
  onTestFinished(() => proxy.close());
  const address = proxy.url.replace('redis:', 'http:');
  return { proxy, client: open({ address, apiKey: keyOf('admin'), pool, timeout: '20s' }) };
}

/** An address of this machine at which nobody listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe('a client over HTTP', () => {
  it.for([
    [{ address: 'redis://127.0.0.1' }, 'address'],
    [{ address: 'http://user:word@host' }, 'address'],
    [{ address: '' }, 'address'],
    [{ address: 'http://127.0.0.1', redis: 'redis://127.0.0.1' }, 'redis'],
    [{ address: 'http://127.0.0.1', apiKey: 'a b' }, 'apiKey'],
    [{ address: 'http://127.0.0.1', timeout: 'soon' }, 'timeout'],
    [{ address: 'http://127.0.0.1', schemas: { turn: 1 } }, 'schemas.turn'],
  ] as const)('refuses the options %j', async ([options, field]) => {
    const error = await refusalOf(() => connect(options as never));
    expect(error).toMatchObject({ code: 'INVALID_CONFIG', details: [{ field }] });
  });

  it('says that nobody is at the address', async () => {
    const client = open({ address: await nowhere(), timeout: '2s' });
    const error = await refusalOf(() => client.enqueue('turn', 1));
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('(ECONNREFUSED)') });
  });

  it('says that its key is unknown, or not enough', async ({ pool, api: { url: address } }) => {
    const stranger = open({ address, apiKey: 'nobodys', pool: pool.pool });
    expect((await refusalOf(() => stranger.enqueue('turn', 1))).code).toBe('UNAUTHENTICATED');
    const viewer = open({ address, apiKey: keyOf('viewer'), pool: pool.pool });
    expect((await refusalOf(() => viewer.enqueue('turn', 1))).code).toBe('FORBIDDEN');
    expect((await viewer.listTasks()).tasks).toEqual([]);
  });

  it('says when it may ask again beyond the rate of its key', async ({ pool }) => {
    const { url: address } = await pool.boot({ requestsPerMinute: 1 });
    const client = open({ address, apiKey: keyOf('submitter'), pool: pool.pool });
    await client.enqueue('turn', 1);
    const error = await refusalOf(() => client.enqueue('turn', 2));
    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: true });
    expect((error.details as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(0);
  });

  it('is let do 10,000 requests a second without a setting', async ({ api: { url: address } }) => {
    const answer = await fetch(`${address}/v1/version`, { headers: { authorization: `Bearer ${keyOf('viewer')}` } });
    expect(answer.headers.get('x-ratelimit-limit')).toBe('600000');
  });

  it('makes one task of an enqueue whose answer is lost', async ({ pool, api }) => {
    const { proxy, client } = await through(api, pool);
    const others = pool.client();
    const listed = async () => (await others.listTasks({ agentId: 'a' })).tasks.map(({ id }) => id);
    proxy.become({ replies: { isHeld: true } });
    const enqueuing = client.enqueue('turn', 1, { agentId: 'a' });
    await until(async () => (await listed()).length === 1);
    proxy.reset();
    proxy.become({});
    const task = await enqueuing;
    expect([task.deduplicated, await listed()]).toEqual([false, [task.id]]);
  });

  it('goes on with a stream of events whose connection broke, without a gap', async ({ pool, api }) => {
    const { proxy, client } = await through(api, pool);
    const task = await client.enqueue('turn', null, { agentId: 'a' });
    const types: string[] = [];
    for await (const { type } of task.events()) {
      if (types.length === 0) {
        proxy.reset();
        pool.serve({ turn: () => 'done' });
      }
      types.push(type);
    }
    expect(proxy.resets).toBeGreaterThan(0);
    expect(types.filter((type) => type === 'added')).toEqual(['added']);
    expect(types.slice(-2)).toEqual(['active', 'completed']);
  });
});
