import { describe, expect } from 'vitest';
import { it } from '../../support/http.js';

describe('bull-board at /queues', () => {
  it('is opened by a browser with the cookie that it got for its key', async ({ api }) => {
    const given = await api.send('/v1/session', { method: 'POST', as: 'viewer' });
    expect(given.status).toBe(204);
    const cookie = given.headers.get('set-cookie')?.split(';')[0] ?? '';
    const page = await api.send('/queues', { as: null, headers: { cookie } });
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect((await api.send('/queues', { as: null, headers: { cookie: `${cookie}x` } })).status).toBe(401);
  });

  it('has a cookie that opens nothing else', async ({ api }) => {
    const given = await api.send('/v1/session', { method: 'POST', as: 'admin' });
    const cookie = given.headers.get('set-cookie')?.split(';')[0] ?? '';
    for (const path of ['/v1/stats', '/v1/queues', '/queuesx'])
      expect((await api.send(path, { as: null, headers: { cookie } })).status).toBeGreaterThanOrEqual(401);
  });

  it('shows the pool and changes nothing of it', async ({ api, pool }) => {
    const { queues } = (await (await api.send('/queues/api/queues')).json()) as { queues: object[] };
    expect(queues).toMatchObject([{ name: `{${pool.pool}}`, readOnlyMode: true }]);
    const name = encodeURIComponent(`{${pool.pool}}`);
    for (const what of ['pause', 'empty', 'obliterate', 'clean/completed'])
      expect((await api.send(`/queues/api/queues/${name}/${what}`, { method: 'PUT' })).status).toBe(404);
  });
});
