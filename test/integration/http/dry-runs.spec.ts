import { Terminal } from '@shunt/sdk';
import { describe, expect } from 'vitest';
import { type HttpApi, it } from '../../support/http.js';
import { until } from '../../support/pool-test.js';

const ask = async (api: HttpApi, method: string, path: string, json: object = {}) => {
  const reply = await api.send(`/v1${path}${path.includes('?') ? '' : '?dryRun=true'}`, { method, json, as: 'admin' });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};

describe('a dry run over HTTP', () => {
  it('of an order to an agent, a task or the pool says what it would do, and changes nothing', async ({
    pool,
    api,
  }) => {
    pool.serve({ turn: () => 'done' }, { id: 'w1' });
    await until(async () => (await api.send('/v1/workers/w1')).status === 200);
    const client = pool.client();
    await (await client.enqueue('turn', 1, { agentId: 'a' })).result();
    await client.agents.pin('b', 'w1', { ttl: '1h' });
    const waiting = await client.enqueue('turn', 1, { agentId: 'c', delay: '1h' });
    const dry = (...asked: [method: string, path: string, json?: object]) => ask(api, ...asked);
    const scale = `/pools/${pool.pool}/scale`;
    // The leader writes its advice into the scale: its wish is looked at apart.
    const changes = ['agent:a', 'agent:b', 'delayed', 'audit', 'journal'];
    const look = () => Promise.all(changes.map((key) => pool.redis.dump(pool.keys.of(key))));
    const before = await look();

    expect(await dry('PUT', '/agents/a/pin', { worker: 'w1', soft: true, ttl: '1m' })).toEqual({
      status: 200,
      body: {
        worker: 'w1',
        soft: true,
        ttlMs: 60_000,
        would: 'Its next task would go to w1 while that takes tasks, for 60000 ms.',
      },
    });
    expect((await dry('POST', '/agents/a/move', { worker: 'w1' })).body).toEqual({
      worker: 'w1',
      would: 'Its next task would go to w1, and may move on after that.',
    });
    expect((await dry('DELETE', '/agents/b/pin')).body).toEqual({
      wasPinned: true,
      would: 'Its tasks would go anywhere again, no more to w1; its home stays none.',
    });
    expect((await dry('DELETE', '/agents/a/pin')).body).toMatchObject({ wasPinned: false });
    expect((await dry('POST', '/agents/a/release')).body).toMatchObject({
      hadHome: true,
      would: expect.stringMatching(/^w1 would close its state/),
    });
    expect((await dry('POST', '/agents/b/release')).body).toMatchObject({ hadHome: false });
    expect((await dry('POST', `/tasks/${waiting.id}/cancel`)).body).toEqual({ outcome: 'cancelled' });
    expect((await dry('PUT', scale, { workers: 3 })).body).toMatchObject({
      pool: pool.pool,
      workers: 1,
      wished: 3,
      target: 3,
      would: expect.stringMatching(/^Of workers, 2 would be started/),
    });
    expect(await look()).toEqual(before);
    expect(await client.pool.scale()).toMatchObject({ wished: null });
    expect((await waiting.status()).state).toBe('delayed');
  });

  it('of a retry, a breaker or the configuration says what it would do, and changes nothing', async ({ pool, api }) => {
    const turn = () => {
      throw new Terminal('the disk is full');
    };
    pool.serve({ turn }, { id: 'w1' });
    await until(async () => (await api.send('/v1/workers/w1')).status === 200);
    const client = pool.client();
    const failed = await client.enqueue('turn', 1, { agentId: 'a', id: 'x' });
    await failed.ended({ wait: '30s' });
    await client.pool.setConfig({ sessionTtl: '10m' });
    // The order of a worker that is gone is kept, and may be taken back.
    await pool.redis.hset(pool.keys.of('orders'), 'gone', 'open');
    const changes = [
      'a~x',
      'failed',
      'wait',
      'prioritized',
      'agent:a',
      'orders',
      'breakers',
      'config',
      'audit',
      'journal',
    ];
    const look = () => Promise.all(changes.map((key) => pool.redis.dump(pool.keys.of(key))));
    const before = await look();

    expect(await ask(api, 'POST', '/tasks/a~x/retry')).toEqual({
      status: 200,
      body: { outcome: 'retried', would: "It would run again with all its attempts. Its agent's home is w1." },
    });
    expect(await ask(api, 'PUT', '/workers/w1/breaker', { order: 'open' })).toEqual({
      status: 200,
      body: {
        order: 'open',
        would: expect.stringMatching(/^The worker would get nothing .* 0 tasks, would wait, as no other/),
      },
    });
    expect((await ask(api, 'PUT', '/workers/gone/breaker', { order: 'auto' })).body).toMatchObject({
      would: expect.stringMatching(/^The rules would decide again/),
    });
    const config = { sessionTtl: null, strategy: 'random' };
    expect(await ask(api, 'PATCH', `/pools/${pool.pool}`, { config })).toEqual({
      status: 200,
      body: {
        config: { strategy: 'random' },
        configVersion: 2,
        would:
          'sessionTtl: 10m → as the processes say; strategy: as the processes say → random. Every process would apply it within a second.',
      },
    });
    expect(await look()).toEqual(before);
    expect(await client.pool.getConfig()).toEqual({ version: 1, config: { sessionTtl: 600_000 } });
    expect((await failed.status()).state).toBe('failed');
  });

  it('is refused as the order itself would be', async ({ pool, api }) => {
    pool.serve({ turn: () => 'done' }, { id: 'w1' });
    await until(async () => (await api.send('/v1/workers/w1')).status === 200);
    await pool.client().enqueue('turn', 1, { agentId: 'a', id: 'y', labels: { gpu: 'a100' } });
    for (const [method, path, json, status] of [
      ['PUT', '/agents/a/pin', { worker: 'none' }, 404],
      ['PUT', '/agents/a/pin', { worker: 'w1' }, 409],
      ['POST', '/agents/a/move', { worker: 'w1' }, 409],
      ['PUT', '/agents/a/pin', { worker: 'w1', ttl: 'soon' }, 400],
      ['POST', '/tasks/a~none/cancel', {}, 404],
      ['POST', '/tasks/a~none/retry', {}, 404],
      ['POST', '/tasks/a~y/retry', {}, 409],
      ['POST', '/tasks/a~y/retry?dryRun=maybe', {}, 400],
      ['PUT', '/workers/none/breaker', { order: 'open' }, 404],
      ['PUT', '/workers/w1/breaker', { order: 'shut' }, 400],
      ['PATCH', '/pools/other', { config: {} }, 404],
      ['PATCH', `/pools/${pool.pool}`, { config: { sesionTtl: '1m' } }, 400],
      ['PATCH', `/pools/${pool.pool}`, { config: { strategy: 'best' } }, 400],
      ['PUT', '/pools/other/scale', { workers: 1 }, 404],
      ['PUT', `/pools/${pool.pool}/scale`, { workers: -1 }, 400],
      ['POST', '/agents/a/release?dryRun=maybe', {}, 400],
    ] as const)
      expect([path, (await ask(api, method, path, json)).status]).toEqual([path, status]);
    const { entries } = (await (await api.send('/v1/audit', { as: 'admin' })).json()) as {
      entries: { action: string }[];
    };
    expect(entries).toEqual([]);
  });
});
