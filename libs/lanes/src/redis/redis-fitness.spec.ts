import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { assertFit, fitnessOf } from './redis-fitness.js';

const healthy = '# Server\r\nredis_version:7.0.15\r\n\r\n# Memory\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n';
const evicting = healthy.replace('noeviction', 'allkeys-lru');
const sentence = 'must have maxmemory-policy noeviction, and has allkeys-lru: it would drop tasks when it is full';

describe('the fitness of a Redis', () => {
  it.each([true, false])('is without fault when it is healthy, in production: %s', (isProduction) => {
    expect(fitnessOf(healthy, isProduction)).toEqual({ problems: [], warnings: [] });
  });

  it('has a problem with a policy that evicts in production', () => {
    expect(fitnessOf(evicting, true)).toEqual({ problems: [{ field: 'redis', message: sentence }], warnings: [] });
  });

  it('has a warning of a policy that evicts elsewhere', () => {
    expect(fitnessOf(evicting, false)).toEqual({ problems: [], warnings: [`Redis ${sentence}`] });
  });

  it('has a warning of a missing AOF in production alone', () => {
    const info = healthy.replace('aof_enabled:1', 'aof_enabled:0');
    expect(fitnessOf(info, true)).toEqual({ problems: [], warnings: [expect.stringContaining('Redis has no AOF')] });
    expect(fitnessOf(info, false)).toEqual({ problems: [], warnings: [] });
  });

  it.each(['6.2.14', '5.0.14', '2.8'])('has a problem with version %s everywhere', (version) => {
    const problem = { field: 'redis', message: `must be version 7.0 or later, and is ${version}` };
    for (const isProduction of [true, false]) {
      expect(fitnessOf(`redis_version:${version}\r\n`, isProduction).problems).toEqual([problem]);
    }
  });

  it.each(['7.0.0', '7.2.4', '10.0.1'])('is without fault as version %s', (version) => {
    expect(fitnessOf(`redis_version:${version}`, true).problems).toEqual([]);
  });

  it('is without fault where the text says nothing', () => {
    expect(fitnessOf('', true)).toEqual({ problems: [], warnings: [] });
  });
});

describe('assertFit', () => {
  const redis = (info: string) => ({ info: async () => info }) as never;
  const warned = () => {
    const spy = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    onTestFinished(() => spy.mockRestore());
    return spy;
  };
  afterEach(() => vi.restoreAllMocks());

  it('refuses what has a problem, saying what it has and what it must have', async () => {
    await expect(assertFit(redis(evicting), { NODE_ENV: 'production' })).rejects.toMatchObject({
      code: 'INVALID_CONFIG',
      message: `Redis ${sentence}`,
      details: [{ field: 'redis', message: sentence }],
    });
  });

  it('warns once of each other fault', async () => {
    const warn = warned();
    await assertFit(redis(evicting), {});
    expect(warn.mock.calls).toEqual([[`Redis ${sentence}`, 'ShuntWarning']]);
  });

  it('says nothing of a healthy one', async () => {
    const warn = warned();
    await assertFit(redis(healthy), { NODE_ENV: 'production' });
    expect(warn).not.toHaveBeenCalled();
  });
});
