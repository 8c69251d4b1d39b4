import { afterEach, describe, expect, inject, it } from 'vitest';
import { poolKeys } from '../keys.js';
import { stateOf } from '../moves.js';
import { openPatientRedis, openRedis } from './connection.js';
import { runScript } from './script-runner.js';

const opened: { disconnect(): void }[] = [];
afterEach(() => {
  for (const redis of opened.splice(0)) redis.disconnect();
});
const open: typeof openRedis = (target, overrides) => {
  const redis = openRedis(target, overrides);
  opened.push(redis);
  return redis;
};

describe('openRedis', () => {
  it('takes a URL or the options of ioredis', async () => {
    const { hostname, port } = new URL(inject('redisUrl'));
    expect(await open(inject('redisUrl')).ping()).toBe('PONG');
    expect(await open({ host: hostname, port: Number(port) }).ping()).toBe('PONG');
  });

  it('lets overrides win over the options of the target', () => {
    const redis = open({ host: '127.0.0.1', db: 1 }, { lazyConnect: true, db: 2 });
    expect(redis.options).toMatchObject({ host: '127.0.0.1', db: 2 });
  });

  it('has scripts survive a FUNCTION FLUSH', async () => {
    const redis = open(inject('redisUrl'));
    await stateOf(redis, poolKeys('{nobody}'), 'a~1');
    await redis.function('FLUSH');
    expect(await stateOf(redis, poolKeys('{nobody}'), 'a~1')).toEqual({ state: 'missing' });
  });

  it('tells why a Redis without the scripts refuses them', async () => {
    const redis = open(inject('redisUrl'));
    await redis.function('FLUSH');
    const call = runScript(redis, 'audit', ['{nobody}:audit', '{nobody}:nonce'], [1, 'field']);
    await expect(call).rejects.toThrow(/wrong number of arguments/i);
  });
});

describe('openPatientRedis', () => {
  it('never gives up on a command, and retries at most a second apart', () => {
    const redis = openPatientRedis(inject('redisUrl'));
    opened.push(redis);
    const { maxRetriesPerRequest, retryStrategy } = redis.options;
    expect(maxRetriesPerRequest).toBeNull();
    expect([1, 10, 20, 1000].map((tries) => retryStrategy?.(tries))).toEqual([50, 500, 1000, 1000]);
  });

  it('has a command sent before its connection was cut answered after it', async () => {
    const redis = openPatientRedis(inject('redisUrl'));
    opened.push(redis);
    const other = open(inject('redisUrl'));
    const id = await redis.client('ID');
    await other.client('KILL', 'ID', id);
    expect(await redis.ping()).toBe('PONG');
    expect(await redis.client('ID')).not.toBe(id);
  });
});
