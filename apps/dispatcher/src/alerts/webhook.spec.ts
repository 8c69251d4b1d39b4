import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Webhook, type WebhookOptions } from './webhook.js';

type Answer = (request: IncomingMessage, reply: ServerResponse) => void;
const status =
  (code: number, headers = {}): Answer =>
  (_, reply) =>
    reply.writeHead(code, headers).end();

let answers: Answer[];
let bodies: unknown[];
let headers: IncomingMessage['headers'][];
let stopping: AbortController;
const server = createServer(async (request, reply) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  bodies.push(JSON.parse(text));
  headers.push(request.headers);
  (answers.shift() ?? status(204))(request, reply);
});
beforeEach(async () => {
  [answers, bodies, headers, stopping] = [[], [], [], new AbortController()];
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const port = () => (server.address() as AddressInfo).port;
function webhook(options: Partial<WebhookOptions> = {}): Webhook {
  const url = `http://127.0.0.1:${port()}/hook?token=hunter2`;
  return new Webhook({ url, pausesMs: [1, 1], signal: stopping.signal, ...options });
}

describe('a webhook', () => {
  it('posts JSON', async () => {
    expect(await webhook().send({ alert: 'no_workers' })).toBeNull();
    expect(bodies).toEqual([{ alert: 'no_workers' }]);
    expect(headers[0]).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'shunt' });
  });

  it('logs in with user and password of its URL', async () => {
    await webhook({ url: `http://user:p%40ss@127.0.0.1:${port()}/` }).send({});
    expect(headers[0]?.authorization).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('tries again what may pass', async () => {
    answers = [status(500), (request) => request.socket.destroy(), status(200)];
    expect(await webhook().send({ n: 1 })).toBeNull();
    expect(bodies).toHaveLength(3);
  });

  it('gives up after so many tries, and says why without its URL', async () => {
    answers = [status(503), status(503), status(429)];
    expect(await webhook().send({})).toBe('it answered 429');
    expect(bodies).toHaveLength(3);
  });

  it('does not try again what was refused, nor follows to elsewhere', async () => {
    answers = [status(404), status(302, { location: 'http://127.0.0.1:1/' })];
    expect(await webhook().send({})).toBe('it answered 404');
    expect(await webhook().send({})).toBe('it answered 302');
    expect(bodies).toHaveLength(2);
  });

  it('waits no longer than its deadline', async () => {
    answers = [() => undefined];
    expect(await webhook({ timeoutMs: 50, pausesMs: [] }).send({})).toBe('it did not answer in time');
  });

  it('keeps messages in order, through what is tried again', async () => {
    answers = [status(500)];
    const hook = webhook();
    await Promise.all([1, 2, 3].map((n) => hook.send({ n })));
    expect(bodies).toEqual([1, 1, 2, 3].map((n) => ({ n })));
  });

  it('lets so many wait, and ends with its process', async () => {
    answers = [() => undefined];
    const hook = webhook({ pausesMs: [] });
    const sent = Array.from({ length: 101 }, (_, n) => hook.send({ n }));
    expect(await sent[100]).toBe('100 others wait');
    stopping.abort();
    expect(new Set(await Promise.all(sent.slice(1, 100)))).toEqual(new Set(['the process stops']));
  });

  it('says that nobody is there', async () => {
    expect(await webhook({ url: 'http://127.0.0.1:1/secret', pausesMs: [] }).send({})).toBe('it could not be reached');
  });
});
