import { describe, expect } from 'vitest';
import { it } from '../../support/http.js';

describe('/v1/pools/{pool}/scale', () => {
  it('tells and takes how many workers are wished for, flat and audited', async ({ pool, api }) => {
    const path = `/v1/pools/${pool.pool}/scale`;
    const put = (json: unknown) => api.send(path, { method: 'PUT', as: 'operator', json });
    const wished = await put({ workers: 8, reason: 'a launch' });
    expect(wished.status).toBe(200);
    const told = (await (await api.send(path, { as: 'viewer' })).json()) as Record<string, unknown>;
    expect(told).toMatchObject({ pool: pool.pool, workers: 0, target: 8, wished: 8, loadTasks: 0 });
    expect(Object.values(told).filter((value) => typeof value === 'object')).toEqual([]);
    expect(await (await put({ workers: 'auto' })).json()).toMatchObject({ wished: null });
    const { entries } = (await (await api.send('/v1/audit')).json()) as { entries: object[] };
    expect(entries.at(-1)).toMatchObject({
      action: 'pool.scale',
      target: `pool ${pool.pool} to 8`,
      reason: 'a launch',
    });
  });

  it('refuses what is no number of workers, and other pools', async ({ pool, api }) => {
    for (const workers of [-1, 1.5, '8', 10_001, null]) {
      const reply = await api.send(`/v1/pools/${pool.pool}/scale`, { method: 'PUT', json: { workers } });
      expect([workers, reply.status, await reply.json()]).toMatchObject([
        workers,
        400,
        { errors: [{ field: 'workers', message: "must be 'auto' or a whole number from 0 to 10000" }] },
      ]);
    }
    expect((await api.send('/v1/pools/another/scale')).status).toBe(404);
  });
});
