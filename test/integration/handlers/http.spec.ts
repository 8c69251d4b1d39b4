import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished } from 'vitest';
import { type HttpHandlerOptions, httpHandler } from '../../../apps/worker/src/handlers/http.js';
import { Signal } from '../../support/pool.js';
import { refusalOf } from '../../support/refusal.js';
import { it, type SdkPool } from '../sdk/sdk-pool.js';

/** A server on loopback, and the requests it got. */
async function serve(answer: RequestListener) {
  const server = createServer(answer);
  let connections = 0;
  server.on('connection', () => connections++);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: (host = '127.0.0.1') => `http://${host}:${port}/run`, connections: () => connections };
}

/** A worker whose handler `http` may call loopback at a port. */
function worker(pool: SdkPool, port: number, networks = ['127.0.0.0/8', '::1']) {
  const hosts = ['127.0.0.1', 'localhost'].map((host) => ({ host, port }));
  pool.serve({ http: httpHandler({ hosts, networks }) });
}

/** Looks names up as it is told: these addresses the first time, those the next, and the names that were asked for. */
function resolver(...answers: readonly (readonly string[])[]) {
  const names: string[] = [];
  const lookup: HttpHandlerOptions['lookup'] = (name, _options, done) => {
    const addresses = answers[names.push(name) - 1] ?? [];
    done(
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
  };
  return { lookup, names };
}

const failureOf = async (task: { result(): Promise<unknown> }) => (await refusalOf(() => task.result())).message;

describe('the handler http', () => {
  it('posts the body with the task and its agent, and gives back the answer', async ({ pool, client }) => {
    const got = new Signal<[IncomingMessage, string]>();
    const { url, port } = await serve(async (request, response) => {
      got.resolve([request, await text(request)]);
      response.setHeader('content-type', 'application/json; charset=utf-8').end('{ "reply": "hi" }');
    });
    worker(pool, port);
    const task = await client.enqueue('http', { url: url('localhost'), body: { n: 1 } }, { agentId: 'a b' });
    expect(await task.result()).toEqual({ reply: 'hi' });
    const [{ method, headers }, body] = await got.seen;
    expect([method, body, headers]).toMatchObject([
      'POST',
      '{"n":1}',
      {
        'content-type': 'application/json',
        'x-shunt-agent': 'a%20b',
        'x-shunt-attempt': '1',
        'x-shunt-fence': expect.stringMatching(/^\d+$/),
        'idempotency-key': encodeURIComponent(task.id),
      },
    ]);
  });

  it('gives back text, and null for nothing', async ({ pool, client }) => {
    const { url, port } = await serve(async (request, response) => {
      const isEmpty = (await text(request)) === 'null';
      response.writeHead(isEmpty ? 204 : 200).end(isEmpty ? undefined : 'plain');
    });
    worker(pool, port);
    expect(await (await client.enqueue('http', { url: url() })).result()).toBeNull();
    expect(await (await client.enqueue('http', { url: url(), body: 1 })).result()).toBe('plain');
  });

  it.for([
    [404, {}, 1, 'the endpoint answered with status 404'],
    [302, { location: '/run' }, 1, 'the endpoint answered with status 302: redirects are not followed'],
    [500, {}, 2, 'the endpoint answered with status 500'],
    [503, { 'retry-after': '0' }, 2, 'the endpoint answered with status 503'],
    [
      200,
      { 'content-type': 'application/json' },
      2,
      'the endpoint answered with status 200, and a body that is no JSON',
    ],
  ] as const)('fails by %i %j after %i calls', async ([status, headers, calls, message], { pool, client }) => {
    let called = 0;
    const { url, port } = await serve((_, response) => {
      called++;
      response.writeHead(status, headers).end('secret');
    });
    worker(pool, port);
    const task = await client.enqueue('http', { url: url() }, { attempts: 2 });
    expect([await failureOf(task), called]).toEqual([message, calls]);
  });

  it('refuses an answer that is too large', async ({ pool, client }) => {
    const { url, port } = await serve((_, response) => response.end('x'.repeat(1024 * 1024 + 1)));
    worker(pool, port);
    const task = await client.enqueue('http', { url: url() }, { attempts: 3 });
    expect(await failureOf(task)).toBe('the answer is larger than 1048576 bytes');
  });

  it('refuses addresses that are not of the open internet, by the address a name has when it is connected to', async ({
    pool,
    client,
  }) => {
    const { url, port, connections } = await serve((_, response) => response.end());
    worker(pool, port, []);
    for (const host of ['127.0.0.1', 'localhost', '0x7f000001']) {
      const task = await client.enqueue('http', { url: url(host) }, { attempts: 3 });
      expect(await failureOf(task)).toContain('is at an address that is not of the open internet');
      expect((await task.status()).attemptsMade).toBe(1);
    }
    expect(connections()).toBe(0);
  });

  it.for([[['127.0.0.1', '127.0.0.2']], [['127.0.0.2', '127.0.0.1']]])(
    'refuses a name with addresses of which one is not allowed: %j',
    async ([addresses = []], { pool, client }) => {
      const { url, port, connections } = await serve((_, response) => response.end());
      const { lookup, names } = resolver(addresses);
      pool.serve({ http: httpHandler({ hosts: [{ host: 'rebinds.test', port }], networks: ['127.0.0.1'], lookup }) });
      const task = await client.enqueue('http', { url: url('rebinds.test') }, { attempts: 3 });
      expect(await failureOf(task)).toContain('is at an address that is not of the open internet');
      expect([names, connections()]).toEqual([['rebinds.test'], 0]);
    },
  );

  it('looks a name up once for a call, and refuses it once it has another address', async ({ pool, client }) => {
    const { url, port, connections } = await serve((_, response) => response.end('hi'));
    const { lookup, names } = resolver(['127.0.0.1'], ['127.0.0.2']);
    pool.serve({ http: httpHandler({ hosts: [{ host: 'rebinds.test', port }], networks: ['127.0.0.1'], lookup }) });
    const call = () => client.enqueue('http', { url: url('rebinds.test') }, { attempts: 3 });
    expect(await (await call()).result()).toBe('hi');
    expect([names.length, connections()]).toEqual([1, 1]);
    expect(await failureOf(await call())).toContain('is at an address that is not of the open internet');
    expect([names.length, connections()]).toEqual([2, 1]);
  });

  it('refuses hosts that nobody allowed, and what is no URL', async ({ pool, client }) => {
    const { url, port, connections } = await serve((_, response) => response.end());
    worker(pool, port + 1);
    for (const input of [{ url: url() }, { url: 'ftp://127.0.0.1' }, { url: 7 }, null])
      expect(await failureOf(await client.enqueue('http', input))).toMatch(
        /^input\.url (is of a host|must be an http)/,
      );
    expect(connections()).toBe(0);
  });

  it('calls nobody without a list', async ({ pool, client }) => {
    pool.serve({ http: httpHandler({ hosts: [], networks: [] }) });
    const task = await client.enqueue('http', { url: 'http://example.com' }, { attempts: 2 });
    expect(await failureOf(task)).toBe('the handler http may call nobody: set SHUNT_TARGET_HOSTS');
  });

  it('closes the connection of a call that is aborted', async ({ pool, client }) => {
    const closed = new Signal();
    const { url, port } = await serve((_: IncomingMessage, response: ServerResponse) => {
      response.on('close', () => closed.resolve());
    });
    worker(pool, port);
    const task = await client.enqueue('http', { url: url() }, { timeout: 3000 });
    expect(await failureOf(task)).toBe('the attempt took longer than its timeout of 3000 ms');
    await closed.seen;
  });
});
