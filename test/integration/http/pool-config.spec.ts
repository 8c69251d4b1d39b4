import { expect } from 'vitest';
import { type HttpApi, type HttpPool, it, type Sent } from '../../support/http.js';

const patch = async (api: HttpApi, pool: HttpPool, json: unknown, headers: Sent['headers'] = {}) => {
  const reply = await api.send(`/v1/pools/${pool.pool}`, { method: 'PATCH', json, headers });
  return { status: reply.status, etag: reply.headers.get('etag'), body: await reply.json() };
};
const read = async (api: HttpApi, pool: HttpPool) => {
  const reply = await api.send(`/v1/pools/${pool.pool}`);
  return { etag: reply.headers.get('etag'), body: await reply.json() };
};

it('PATCH /v1/pools/{pool} changes what a pool is told, and no version but the one that was read', async ({
  pool,
  api,
}) => {
  expect(await read(api, pool)).toMatchObject({ etag: '"0"', body: { config: {}, configVersion: 0 } });
  const first = { config: { sessionTtl: '30m', breaker: { probes: 1 } }, reason: 'long talks' };
  expect(await patch(api, pool, first, { 'if-match': '"0"' })).toEqual({
    status: 200,
    etag: '"1"',
    body: { config: { sessionTtl: 1_800_000, breaker: { probes: 1 } }, configVersion: 1 },
  });
  expect(await patch(api, pool, { config: { sessionTtl: '1m' } }, { 'if-match': '"0"' })).toMatchObject({
    status: 412,
    body: { code: 'PRECONDITION_FAILED', retryable: false, detail: expect.stringContaining('at version 1, not 0') },
  });
  const config = { sessionTtl: 1_800_000, breaker: { probes: 1 } };
  expect(await read(api, pool)).toMatchObject({ etag: '"1"', body: { config, configVersion: 1 } });

  const { entries } = (await (await api.send('/v1/audit')).json()) as { entries: object[] };
  const own = { actor: 'the-admin', action: 'pool.config', target: `pool ${pool.pool}` };
  expect(entries).toEqual([
    expect.objectContaining({ ...own, outcome: 'PRECONDITION_FAILED' }),
    expect.objectContaining({ ...own, outcome: 'asked', reason: '' }),
    expect.objectContaining({ ...own, outcome: 'asked', reason: 'long talks' }),
  ]);
});

it('PATCH takes back with null, and changes any version without If-Match or with *', async ({ pool, api }) => {
  await patch(api, pool, { config: { sessionTtl: '30m', breaker: { probes: 1, window: '10s' } } });
  const back = await patch(api, pool, { config: { sessionTtl: null, breaker: { probes: null } } }, { 'if-match': '*' });
  expect(back).toEqual({
    status: 200,
    etag: '"2"',
    body: { config: { breaker: { window: 10_000 } }, configVersion: 2 },
  });
});

it('PATCH names each bad field, and changes nothing', async ({ pool, api }) => {
  const bad = { moveBudget: 7, sesionTtl: '1m', strategy: 'best', breaker: { probes: 0 } };
  const refused = await patch(api, pool, { config: bad });
  expect(refused).toMatchObject({
    status: 400,
    body: {
      code: 'INVALID_INPUT',
      errors: expect.arrayContaining([{ field: 'config.moveBudget', message: expect.any(String) }]),
    },
  });
  const { errors } = refused.body as { errors: { field: string }[] };
  expect(errors.map(({ field }) => field).sort()).toEqual([
    'config.breaker.probes',
    'config.moveBudget',
    'config.sesionTtl',
    'config.strategy',
  ]);
  expect(await patch(api, pool, { config: { strategy: 'best' } })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'config.strategy' }] },
  });
  expect(await read(api, pool)).toMatchObject({ etag: '"0"', body: { config: {} } });
});

it.for([
  [{}, {}, 'config'],
  [{ config: [] }, {}, 'config'],
  [{ config: null }, {}, 'config'],
  [{ sessionTtl: '1m' }, {}, 'sessionTtl'],
  [{ config: {} }, { 'if-match': '0' }, 'If-Match'],
  [{ config: {} }, { 'if-match': 'W/"0"' }, 'If-Match'],
  [{ config: {} }, { 'if-match': '"-1"' }, 'If-Match'],
] as const)('PATCH of %j with %j is refused for its %s', async ([json, headers, field], { pool, api }) => {
  expect(await patch(api, pool, json, { ...headers })).toMatchObject({
    status: 400,
    body: { errors: expect.arrayContaining([expect.objectContaining({ field })]) },
  });
});

it('a dry run of PATCH is of the version that was read alone, and has no ETag', async ({ pool, api }) => {
  await patch(api, pool, { config: { sessionTtl: '30m' } });
  const dry = async (version: string) => {
    const path = `/v1/pools/${pool.pool}?dryRun=true`;
    const json = { config: { sessionTtl: '30m' } };
    const reply = await api.send(path, { method: 'PATCH', json, headers: { 'if-match': version } });
    return { status: reply.status, etag: reply.headers.get('etag'), body: await reply.json() };
  };
  const would = 'It is so already: nothing would change.';
  const body = { config: { sessionTtl: 1_800_000 }, configVersion: 1, would };
  expect(await dry('"1"')).toEqual({ status: 200, etag: null, body });
  expect(await dry('"0"')).toMatchObject({ status: 412, body: { code: 'PRECONDITION_FAILED' } });
  expect(await dry('1')).toMatchObject({ status: 400, body: { errors: [{ field: 'If-Match' }] } });
});

it('PATCH of another pool is a 404', async ({ api }) => {
  const reply = await api.send('/v1/pools/other', { method: 'PATCH', json: { config: {} } });
  expect(reply.status).toBe(404);
});
