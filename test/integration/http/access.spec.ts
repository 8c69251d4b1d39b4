import { EventEmitter } from 'node:events';
import { type Role, roles } from '@shunt/runtime';
import { describe, expect } from 'vitest';
import { DemoLink, type ToDemo } from '../../../apps/dispatcher/src/demo-link.js';
import type { Access } from '../../../apps/dispatcher/src/http/access.js';
import { it, type Sent } from '../../support/http.js';

/** Who may use each route of the process: a new one has to be added here. */
const table: Readonly<Record<string, Access>> = {
  'GET /livez': 'public',
  'GET /version': 'public',
  'GET /readyz': 'public',
  'GET /health': 'public',
  'GET /metrics': 'public',
  'POST /v1/tasks': 'submitter',
  'POST /v1/tasks/bulk': 'submitter',
  'GET /v1/tasks': 'viewer',
  'GET /v1/tasks/:id': 'viewer',
  'GET /v1/tasks/:id/result': 'viewer',
  'GET /v1/tasks/:id/events': 'viewer',
  'GET /v1/tasks/:id/explain': 'viewer',
  'POST /v1/tasks/:id/cancel': 'submitter',
  'POST /v1/tasks/:id/retry': 'submitter',
  'GET /v1/agents': 'viewer',
  'GET /v1/agents/:id': 'viewer',
  'PUT /v1/agents/:id/pin': 'operator',
  'DELETE /v1/agents/:id/pin': 'operator',
  'POST /v1/agents/:id/release': 'operator',
  'POST /v1/agents/:id/move': 'operator',
  'POST /v1/agents/:id/pause': 'operator',
  'POST /v1/agents/:id/resume': 'operator',
  'GET /v1/workers': 'viewer',
  'GET /v1/workers/:id': 'viewer',
  'POST /v1/workers/:id/drain': 'operator',
  'POST /v1/workers/:id/undrain': 'operator',
  'POST /v1/workers/:id/evict': 'operator',
  'PUT /v1/workers/:id/breaker': 'operator',
  'GET /v1/schedules': 'viewer',
  'PUT /v1/schedules/:id': 'submitter',
  'DELETE /v1/schedules/:id': 'submitter',
  'GET /v1/alerts': 'viewer',
  'GET /v1/pools/:pool': 'viewer',
  'PATCH /v1/pools/:pool': 'admin',
  'GET /v1/pools/:pool/scale': 'viewer',
  'GET /v1/pools/:pool/scores': 'viewer',
  'PUT /v1/pools/:pool/scale': 'operator',
  'GET /v1/stats': 'viewer',
  'GET /v1/events': 'viewer',
  'GET /v1/audit': 'admin',
  'GET /v1/journal': 'viewer',
  'GET /v1/live': 'viewer',
  'GET /v1/me': 'viewer',
  'POST /v1/session': 'viewer',
  'DELETE /v1/session': 'viewer',
  'POST /v1/demo/crash': 'admin',
  'GET /v1/version': 'viewer',
  'GET /openapi.json': 'public',
  'GET /': 'public',
  'GET /assets/*': 'public',
  'HEAD /assets/*': 'public',
  'GET /queues': 'viewer',
  'GET /queues/api/job-schedulers': 'viewer',
  'GET /queues/api/queues': 'viewer',
  'GET /queues/api/queues/:queueName/:jobId': 'viewer',
  'GET /queues/api/queues/:queueName/:jobId/flow': 'viewer',
  'GET /queues/api/queues/:queueName/:jobId/logs': 'viewer',
  'GET /queues/api/queues/:queueName/default-job-options': 'viewer',
  'GET /queues/api/queues/:queueName/job-data-schema': 'viewer',
  'GET /queues/api/queues/:queueName/metrics': 'viewer',
  'GET /queues/api/queues/:queueName/rate-limit': 'viewer',
  'GET /queues/api/queues/:queueName/workers': 'viewer',
  'GET /queues/api/redis/stats': 'viewer',
  'GET /queues/job-schedulers': 'viewer',
  'GET /queues/metrics-history': 'viewer',
  'GET /queues/queue/:queueName': 'viewer',
  'GET /queues/queue/:queueName/:jobId': 'viewer',
  'GET /queues/static/*': 'viewer',
  'HEAD /queues/static/*': 'viewer',
};

const nobody = [
  ['without a key', {}],
  ['with an unknown key', { authorization: 'Bearer nobodys' }],
  ['with a malformed header', { authorization: 'Bearer' }],
  ['with another scheme', { authorization: 'Basic a2V5LW9mLWFkbWluOg==' }],
] as const;

/** A demo that has no worker to spare. */
function demo(): DemoLink {
  const channel = new EventEmitter();
  const send = ({ call }: ToDemo) => channel.emit('message', { crashed: null, call });
  return new DemoLink(Object.assign(channel, { send }) as unknown as NodeJS.Process);
}

const mayUse = (role: Role, access: Access) => access === 'public' || roles.indexOf(role) >= roles.indexOf(access);

describe('every route of a dispatcher', () => {
  it('is in the table, and nothing else', async ({ pool }) => {
    const api = await pool.boot({ demo: demo() });
    const found = api.routes.map(({ method, url, access }) => [`${method} ${url}`, access()]);
    const pages = found.filter(([route]) => / \/docs(?:\/|$)/.test(String(route)));
    expect(pages.filter(([, access]) => access !== 'public')).toEqual([]);
    expect(Object.fromEntries(found.filter((one) => !pages.includes(one)))).toEqual(table);
  });

  it('lets in whom the table lets in, and nobody else', async ({ pool }) => {
    const api = await pool.boot({ demo: demo() });
    for (const { method, url } of api.routes) {
      const access = table[`${method} ${url}`] ?? 'public';
      const path = url.replaceAll(/:\w+|\*/g, 'nothing');
      const statusOf = async (sent: Sent) => {
        const aborted = new AbortController();
        const { status, headers } = await api.send(path, { method, signal: aborted.signal, ...sent });
        aborted.abort();
        return { status, type: headers.get('content-type'), challenge: headers.get('www-authenticate') };
      };
      for (const [what, headers] of nobody) {
        const { status, type, challenge } = await statusOf({ as: null, headers });
        const isLetIn = ![401, 403].includes(status);
        expect([method, url, what, isLetIn]).toEqual([method, url, what, access === 'public']);
        if (!isLetIn)
          expect([status, type, challenge]).toEqual([
            401,
            expect.stringMatching(/^application\/problem\+json/),
            'Bearer',
          ]);
      }
      for (const role of roles) {
        const { status } = await statusOf({ as: role });
        expect(status).not.toBe(401);
        expect([method, url, role, status !== 403]).toEqual([method, url, role, mayUse(role, access)]);
      }
    }
  });

  it('is refused to pages of other sites', async ({ api }) => {
    for (const { method, url } of api.routes.filter(({ access }) => access() !== 'public')) {
      const path = url.replaceAll(/:\w+/g, 'nothing');
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        const reply = await api.send(path, { method, headers });
        expect([method, url, reply.status]).toEqual([method, url, 403]);
      }
    }
  });
});

describe('a dispatcher without API keys', () => {
  it('serves all to this machine', async ({ pool }) => {
    const api = await pool.boot({ apiKeys: undefined });
    expect((await api.send('/v1/tasks/nothing', { as: null })).status).toBe(404);
  });

  it('refuses to listen for others', async ({ pool }) => {
    for (const host of ['0.0.0.0', '::', '10.0.0.7', 'example.com']) {
      await expect(pool.boot({ apiKeys: undefined, host })).rejects.toMatchObject({
        code: 'INVALID_CONFIG',
        message: expect.stringContaining('SHUNT_API_KEYS must be set where SHUNT_HTTP_HOST is not a loopback address'),
      });
    }
  });

  it('listens for others with keys', async ({ pool }) => {
    const api = await pool.boot({ host: '0.0.0.0' });
    expect((await api.send('/v1/tasks/nothing', { as: null })).status).toBe(401);
  });
});
