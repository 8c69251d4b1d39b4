import { describe, expect, it } from 'vitest';
import { answers, endpointOf, TypedPool } from '../support/e2e/apps.js';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';

const start = commands();
const production = { NODE_ENV: 'production' };

async function poolOn(...args: string[]) {
  const redis = new RedisOfTest({ args });
  await redis.up();
  return new TypedPool(start, redis.url);
}

const apps = ['dispatcher', 'worker'] as const;

describe.each(apps)('npm run %s', (app) => {
  it('exits with 78 in production when Redis evicts, saying what it must have', async () => {
    const pool = await poolOn('--maxmemory-policy', 'allkeys-lru');
    const command = pool[app](production);
    expect(await command.ended()).toBe(78);
    expect(command.output).toContain('Redis must have maxmemory-policy noeviction, and has allkeys-lru');
    expect(command.output).not.toMatch(/^ +at /m);
  });

  it.each([
    ['evicts, elsewhere', ['--maxmemory-policy', 'allkeys-lru'], {}, /must have maxmemory-policy noeviction/g],
    ['has no AOF, in production', ['--appendonly', 'no'], production, /Redis has no AOF/g],
  ])('works and warns once when Redis %s', async (_, args, env, warning) => {
    const pool = await poolOn(...args);
    const command = pool[app](env);
    await answers(await endpointOf(command), '/readyz', 200);
    await command.said(new RegExp(warning.source));
    command.signal('SIGTERM');
    expect(await command.ended()).toBe(0);
    expect(command.output.match(warning)).toHaveLength(1);
  });
});
