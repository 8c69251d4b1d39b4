import { describe, expect } from 'vitest';
import { FaultProxy } from '../../support/fault-proxy.js';
import { it, until } from '../../support/pool-test.js';

describe('client.pool', () => {
  it('tells and changes the configuration, by the version it read', async ({ pool }) => {
    const client = pool.client();
    expect(await client.pool.getConfig()).toEqual({ version: 0, config: {} });
    const first = await client.pool.setConfig({ sessionTtl: '30m', breaker: { probes: 1 } }, { ifVersion: 0 });
    expect(first).toEqual({ version: 1, config: { sessionTtl: 1_800_000, breaker: { probes: 1 } } });
    const late = client.pool.setConfig({ sessionTtl: '1m' }, { ifVersion: 0 });
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT', details: { version: 1 } });
    expect(await client.pool.replaceConfig({ moveBudget: 1 }, { ifVersion: 1 })).toEqual({
      version: 2,
      config: { moveBudget: 1 },
    });
    const bad = client.pool.setConfig({ moveBudget: 7 });
    await expect(bad).rejects.toMatchObject({ code: 'INVALID_CONFIG', details: [{ field: 'moveBudget' }] });
  });

  it('changes it once although the answer got lost', async ({ pool }) => {
    const proxy = await FaultProxy.open(pool.url);
    const client = pool.client({ redis: proxy.url, timeout: '20s' });
    await client.pool.getConfig();
    for (let version = 0; proxy.lost < 3; version++) {
      proxy.loseReplies();
      const changed = await client.pool.setConfig({ moveBudget: version / 10 }, { ifVersion: version });
      expect(changed.version).toBe(version + 1);
    }
    client.close();
    await proxy.close();
  });

  it('calls a listener with what is there and with each change, until it is told to stop', async ({ pool }) => {
    const client = pool.client();
    const versions: number[] = [];
    const stop = client.pool.onConfig(({ version }) => versions.push(version));
    await until(() => versions.length === 1);
    await pool.client().pool.setConfig({ sessionTtl: '1m' });
    await until(() => versions.length === 2);
    stop();
    const others: number[] = [];
    client.pool.onConfig(({ version }) => others.push(version));
    await pool.client().pool.setConfig({ sessionTtl: '2m' });
    await until(() => others.includes(2));
    expect(versions).toEqual([0, 1]);
  });
});
