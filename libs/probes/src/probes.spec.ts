import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProbes } from './probes.module.js';

let app: NestFastifyApplication;
let reason: string | null;
let metrics: () => Promise<string>;
const get = async (path: string) => fetch(`${await app.getUrl()}${path}`);

beforeEach(async () => {
  reason = null;
  metrics = async () => '# TYPE up gauge\nup 1\n';
  app = await startProbes('127.0.0.1', 0, { notReady: () => reason, metrics: () => metrics() });
});
afterEach(() => app.close());

describe('the probes', () => {
  it('listen on loopback and a free port', async () => {
    expect(await app.getUrl()).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  });

  it('answer /livez with 200, ready or not', async () => {
    reason = 'Redis does not answer';
    const reply = await get('/livez');
    expect([reply.status, await reply.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('answer /readyz with 200 when the process can work', async () => {
    const reply = await get('/readyz');
    expect([reply.status, await reply.json()]).toEqual([200, { status: 'ok' }]);
  });

  it('answer /readyz with 503 and the reason when it cannot, and with 200 once it can again', async () => {
    reason = 'Redis does not answer';
    const reply = await get('/readyz');
    expect([reply.status, await reply.json()]).toEqual([503, { status: 'unavailable', reason }]);
    reason = null;
    expect((await get('/readyz')).status).toBe(200);
  });

  it('answer /health as /readyz', async () => {
    expect((await get('/health')).status).toBe(200);
    reason = 'Redis does not answer';
    expect((await get('/health')).status).toBe(503);
  });

  it('answer /version with that of the package', async () => {
    expect(await (await get('/version')).json()).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });

  it('answer /metrics with the text as Prometheus wants it', async () => {
    const reply = await get('/metrics');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await reply.text()).toBe('# TYPE up gauge\nup 1\n');
  });

  it('answer 500 without a stack when the metrics cannot be read, and live on', async () => {
    metrics = () => Promise.reject(new Error('secret detail'));
    const reply = await get('/metrics');
    expect(reply.status).toBe(500);
    expect(await reply.text()).not.toContain('secret detail');
    expect((await get('/livez')).status).toBe(200);
  });

  it('answer 404 to any other path', async () => {
    expect((await get('/')).status).toBe(404);
  });
});
