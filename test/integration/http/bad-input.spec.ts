import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { type HttpApi, it, keyOf, type Sent } from '../../support/http.js';

/** What a request is answered with when something is wrong with it. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

async function refusalOf(reply: Response): Promise<Refusal> {
  expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = (await reply.json()) as Refusal;
  expect(problem).toMatchObject({ type: 'about:blank', title: expect.any(String), status: reply.status });
  return problem;
}

const secret = 'hunter2';
const post = (api: HttpApi, body: BodyInit, headers = {}) => api.send('/v1/tasks', { method: 'POST', body, headers });

/** Sends bytes as they are, and resolves to all that comes back until the other side closes. */
async function raw(api: HttpApi, ...parts: string[]): Promise<string> {
  const { hostname, port } = new URL(api.url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  for (const part of parts) socket.write(part);
  await once(socket, 'close');
  return text;
}

const head = (line: string, ...headers: string[]) =>
  `${[line, 'host: 127.0.0.1', `authorization: Bearer ${keyOf('admin')}`, ...headers].join('\r\n')}\r\n\r\n`;

describe('a body that is no task', () => {
  it.for<[string, BodyInit, number, string, string]>([
    ['empty', '', 400, 'body', 'must not be empty'],
    ['white space', ' ', 400, 'body', 'must be JSON'],
    ['broken', `{"task":"${secret}`, 400, 'body', 'must be JSON'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), 400, 'body', 'must be UTF-8'],
    ['begun with a byte order mark', '\uFEFF{}', 400, 'body', 'must not begin with a byte order mark'],
    ['null', 'null', 400, 'body', 'must be a plain object'],
    ['an array', '[]', 400, 'body', 'must be a plain object'],
    ['a number', '7', 400, 'body', 'must be a plain object'],
    ['with a name twice', `{"task":"a","task":"${secret}","input":1}`, 400, 'task', 'is there twice in one object'],
    [
      'with a name twice, written otherwise',
      '{"task":"a","input":{"\\u0061":1,"a":2}}',
      400,
      'a',
      'is there twice in one object',
    ],
    [
      'with an option beside its options',
      '{"task":"a","input":1,"agentId":"b"}',
      400,
      'agentId',
      'is not a known option: did you mean options.agentId?',
    ],
    ['without a task', '{"input":1}', 400, 'task', 'is required and must be a string'],
    ['with a task that is no name', '{"task":"","input":1}', 400, 'task', 'must be 1 to 128 characters'],
    ['without an input', '{"task":"a"}', 400, 'input', 'is required and may be null'],
    [
      'with a backoff without a type',
      '{"task":"a","input":1,"options":{"backoff":{"delay":1}}}',
      400,
      'options.backoff.type',
      "is required and must be 'fixed' or 'exponential'",
    ],
    [
      'with a deduplication without a key',
      '{"task":"a","input":1,"options":{"dedup":{"ttl":1}}}',
      400,
      'options.dedup.key',
      'is required and must be a string',
    ],
    ['with an unknown field', `{"task":"a","input":1,"prio":"${secret}"}`, 400, 'prio', 'is not a known option'],
    [
      'with a misspelt option',
      '{"task":"a","input":1,"options":{"priorty":1}}',
      400,
      'options.priorty',
      'is not a known option: did you mean priority?',
    ],
    [
      'with a priority below 0',
      '{"task":"a","input":1,"options":{"priority":-1}}',
      400,
      'options.priority',
      'must be a whole number from 0 to 2097151',
    ],
    [
      'with a priority of 1.5',
      '{"task":"a","input":1,"options":{"priority":1.5}}',
      400,
      'options.priority',
      'must be a whole number from 0 to 2097151',
    ],
    [
      'with a delay that is none',
      `{"task":"a","input":1,"options":{"delay":"${secret}"}}`,
      400,
      'options.delay',
      'must be whole milliseconds',
    ],
    [
      'with 1e9 attempts',
      '{"task":"a","input":1,"options":{"attempts":1e9}}',
      400,
      'options.attempts',
      'must be a whole number from 1 to 1000',
    ],
    [
      'with a number for an agent',
      '{"task":"a","input":1,"options":{"agentId":7}}',
      400,
      'options.agentId',
      'must be a string',
    ],
    [
      'with __proto__ in it',
      '{"task":"a","input":1,"__proto__":{"isAdmin":true}}',
      400,
      '__proto__',
      'is not a known option',
    ],
    [
      'with __proto__ in its input',
      '{"task":"a","input":{"__proto__":{"isAdmin":true}}}',
      400,
      'input.__proto__',
      'is a name that is not accepted',
    ],
    [
      'with constructor.prototype',
      '{"task":"a","input":{"constructor":{"prototype":{}}}}',
      400,
      'input.constructor',
      'with a prototype is not accepted',
    ],
    [
      'nested 100,000 deep',
      `{"task":"a","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      400,
      'input',
      'is nested deeper than 512 levels',
    ],
    [
      'with an input above 256 KiB',
      `{"task":"a","input":"${'x'.repeat(300_000)}"}`,
      413,
      'input',
      'must have at most 262144 bytes as JSON',
    ],
  ])('is refused: %s', async ([, body, status, field, message], { api }) => {
    const problem = await refusalOf(await post(api, body));
    expect(problem.status).toBe(status);
    expect(problem.errors?.[0]).toEqual({
      field: expect.stringContaining(field),
      message: expect.stringContaining(message),
    });
    expect(JSON.stringify(problem)).not.toContain(secret);
  });

  it('is refused above 1 MiB before it is read', async ({ api }) => {
    const problem = await refusalOf(await post(api, ' '.repeat(1024 * 1024 + 1)));
    expect([problem.status, problem.code]).toEqual([413, 'PAYLOAD_TOO_LARGE']);
    const bulk = await api.send('/v1/tasks/bulk', { method: 'POST', body: ' '.repeat(8 * 1024 * 1024 + 1) });
    expect((await refusalOf(bulk)).status).toBe(413);
  });

  it('is read off when it is too large, so that the refusal arrives and the connection serves on', async ({ api }) => {
    const large = ' '.repeat(4 * 1024 * 1024);
    const post = head('POST /v1/tasks HTTP/1.1', 'content-type: application/json', `content-length: ${large.length}`);
    const text = await raw(api, post, large, head('GET /v1/tasks/a~1 HTTP/1.1', 'connection: close'));
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 404']);
  });

  it('is refused when it is no JSON by its type, its charset or its encoding', async ({ api }) => {
    const json = '{"task":"a","input":1}';
    for (const [body, headers] of [
      [json, { 'content-type': 'text/plain' }],
      [json, { 'content-type': 'application/x-www-form-urlencoded' }],
      [json, { 'content-type': 'multipart/form-data; boundary=x' }],
      [json, { 'content-type': 'application/json; charset=utf-16' }],
      [json, { 'content-type': 'nonsense' }],
      [gzipSync(Buffer.alloc(50_000_000, ' ')), { 'content-encoding': 'gzip' }],
      [gzipSync(json), { 'content-encoding': 'br' }],
    ] as const) {
      const problem = await refusalOf(await post(api, body, headers));
      expect([problem.status, problem.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    }
    const nameless = await raw(api, head('POST /v1/tasks HTTP/1.1', 'content-length: 2', 'connection: close'), '{}');
    expect(nameless).toMatch(/^HTTP\/1\.1 415 /);
  });
});

describe('a body without a field that it needs', () => {
  it.for<[string, string, readonly string[]]>([
    ['POST', '/v1/tasks', ['task', 'input']],
    ['POST', '/v1/tasks/bulk', ['tasks']],
    ['PUT', '/v1/schedules/daily', ['task', 'input']],
    ['PUT', '/v1/agents/a/pin', ['worker']],
    ['POST', '/v1/agents/a/move', ['worker']],
    ['PUT', '/v1/workers/w1/breaker', ['order']],
    ['PUT', '/v1/pools/{pool}/scale', ['workers']],
    ['PATCH', '/v1/pools/{pool}', ['config']],
  ])('is told that it is required: %s %s', async ([method, path, fields], { api, pool }) => {
    const reply = await api.send(path.replace('{pool}', pool.pool), { method, json: {}, as: 'admin' });
    const { status, errors } = await refusalOf(reply);
    const message = expect.stringMatching(/^is required and (?:must be|may be) /);
    expect([status, errors]).toEqual([400, fields.map((field) => ({ field, message }))]);
  });
});

describe('an id in a path', () => {
  it.for<[string, string, number, string]>([
    ['too long', 'x'.repeat(1025), 400, 'must be 1 to 1024 characters'],
    ['with a control character', '%00', 400, 'must not contain control characters'],
    ['a line break', 'a%0d%0aset-cookie:x', 400, 'must not contain control characters'],
  ])('is refused: %s', async ([, id, status, message], { api }) => {
    const problem = await refusalOf(await api.send(`/v1/tasks/${id}`));
    expect([problem.status, problem.errors]).toEqual([status, [{ field: 'id', message }]]);
  });

  it('is refused when it is not properly encoded, or longer than any', async ({ api }) => {
    expect(await refusalOf(await api.send('/v1/tasks/%E0%A4%A'))).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
    expect(await refusalOf(await api.send(`/v1/tasks/${'x'.repeat(5000)}`))).toMatchObject({ status: 414 });
  });

  it.for<[string, string, object?]>([
    ['GET', `/v1/tasks/${secret}`],
    ['GET', `/v1/tasks/${secret}/result`],
    ['GET', `/v1/tasks/${secret}/events`],
    ['POST', `/v1/tasks/${secret}/cancel`, {}],
    ['GET', `/v1/workers/${secret}`],
    ['POST', `/v1/workers/${secret}/drain`],
    ['POST', `/v1/workers/${secret}/evict`],
    ['PUT', `/v1/workers/${secret}/breaker`, { order: 'open' }],
    ['PUT', '/v1/agents/a/pin', { worker: secret }],
    ['POST', '/v1/agents/a/move', { worker: secret }],
    ['DELETE', `/v1/schedules/${secret}`],
  ])('to what is not there is answered without its name: %s %s', async ([method, path, json], { api }) => {
    const reply = await api.send(path, json === undefined ? { method } : { method, json });
    const refusal = await refusalOf(reply);
    expect(refusal).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    expect(JSON.stringify(refusal)).not.toContain(secret);
  });

  it('leads nowhere else, however it is spelt', async ({ api }) => {
    for (const path of [
      '/v1/tasks/..%2F..%2Fmetrics',
      '/v1/..%2fmetrics',
      '/v1/tasks/%2e%2e%2f',
      '//metrics',
      '/v1//tasks',
    ])
      expect((await refusalOf(await api.send(path))).status).toBe(404);
  });

  it('is answered at once whatever pattern it holds', async ({ api }) => {
    const bomb = encodeURIComponent(`${'a'.repeat(1000)}!`);
    expect((await api.send(`/v1/tasks/${bomb}`)).status).toBe(404);
  });
});

describe('a query', () => {
  it.for<[string, string, string]>([
    ['wait=-1', 'wait', 'must be whole milliseconds'],
    ['wait=soon', 'wait', 'must be whole milliseconds'],
    ['wait=2m', 'wait', 'must be from 0ms to 1m'],
    ['wait=1&wait=2', 'wait', 'must be whole milliseconds'],
    ['wiat=1', 'wiat', 'is not a known option: did you mean wait?'],
    ['__proto__=1', '__proto__', 'is not a known option'],
  ])('is refused: %s', async ([query, field, message], { api }) => {
    const { status, errors } = await refusalOf(await api.send(`/v1/tasks/a~1/result?${query}`));
    expect([status, errors]).toEqual([400, [{ field, message: expect.stringContaining(message) }]]);
  });
});

describe('a request', () => {
  it.for<[string, Sent]>([
    ['TRACE', { method: 'TRACE' }],
    ['DELETE', { method: 'DELETE' }],
    ['OPTIONS', { method: 'OPTIONS' }],
    ['HEAD', { method: 'HEAD' }],
  ])('by %s is refused', async ([method], { api }) => {
    const line = `${method} /v1/tasks/a~1 HTTP/1.1`;
    expect(await raw(api, head(line, 'connection: close'))).toMatch(/^HTTP\/1\.1 (?:404|405) /);
  });

  it('is told the methods of a path that it is not for', async ({ api }) => {
    const reply = await api.send('/v1/tasks/bulk', { method: 'PUT', json: {} });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST, GET']);
  });

  it('with 64 KB of headers is refused', async ({ api }) => {
    const text = await raw(api, head('GET /v1/tasks/a~1 HTTP/1.1', `x-big: ${'x'.repeat(65_536)}`));
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect(text).toContain('"code":"HEADERS_TOO_LARGE"');
  });

  it('that is none is refused', async ({ api }) => {
    expect(await raw(api, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"BAD_REQUEST"/s);
  });

  it('whose body does not arrive is refused', async ({ pool }) => {
    const api = await pool.boot({ requestTimeoutMs: 200 });
    const text = await raw(
      api,
      head('POST /v1/tasks HTTP/1.1', 'content-type: application/json', 'content-length: 100'),
      '{"task":',
    );
    expect(text).toMatch(/^HTTP\/1\.1 408 .*"code":"REQUEST_TIMEOUT"/s);
  });

  it('to another host is refused where no keys are set: a name may be made to lead here', async ({ pool }) => {
    const api = await pool.boot({ apiKeys: undefined });
    const line = 'GET /v1/tasks/a~1 HTTP/1.1';
    const answer = await raw(api, `${line}\r\nhost: rebound.example:7420\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 .*"code":"FORBIDDEN"/s);
    const own = await raw(api, `${line}\r\nhost: localhost:7420\r\nconnection: close\r\n\r\n`);
    expect(own).toMatch(/^HTTP\/1\.1 404 /);
  });

  it('beyond the rate of its key is refused, and no other key with it', async ({ pool }) => {
    const api = await pool.boot({ requestsPerMinute: 2 });
    const ask = (as: Sent['as']) => api.send('/v1/tasks/a~1', { as: as ?? null });
    expect([(await ask('viewer')).status, (await ask('viewer')).status]).toEqual([404, 404]);
    const reply = await ask('viewer');
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refusalOf(reply)).toMatchObject({ status: 429, code: 'RATE_LIMITED', retryable: true });
    expect((await ask('operator')).status).toBe(404);
    expect([(await ask(null)).status, (await ask(null)).status, (await ask(null)).status]).toEqual([401, 401, 429]);
  });

  it('is told that Redis is away within its deadline, and nothing of where', async ({ pool }) => {
    const api = await pool.bootIdle({ redis: 'redis://:hunter2@127.0.0.1:1' });
    const problem = await refusalOf(await api.send('/v1/tasks/a~1'));
    expect(problem).toMatchObject({ status: 503, code: 'STORE_UNAVAILABLE', retryable: true });
    expect(JSON.stringify(problem)).not.toContain(secret);
  });

  it('gets the same kind of answer outside of the API', async ({ api }) => {
    for (const path of ['/nothing', '/assets/nothing.js', '/v2/tasks', '/v1'])
      expect(await refusalOf(await api.send(path))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });
});
