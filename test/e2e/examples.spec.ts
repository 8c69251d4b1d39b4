import { connect } from '@shunt/sdk';
import { transformFile } from '@swc/core';
import { expect, it, onTestFinished } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';

const start = commands();

async function missesRedis(words: readonly string[]): Promise<void> {
  const example = start(['node', ...words], { env: { SHUNT_REDIS_URL: 'redis://127.0.0.1:1' } });
  expect(await example.ended()).toBe(1);
  expect(example.output).toMatch(/^[^\n]*ECONNREFUSED 127\.0\.0\.1:1[^\n]*\n$/);
}

it.each(['enqueue', 'plain-bullmq'])('examples/%s.mjs says in a line that there is no Redis', (name) =>
  missesRedis([`examples/${name}.mjs`]),
);

it('examples/typed.ts says so as well', async () => {
  const { code } = await transformFile('examples/typed.ts', {
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  await missesRedis(['--input-type=module', '-e', code]);
});

it('examples/plain-bullmq.mjs enqueues a task that a worker runs', async () => {
  const redis = new RedisOfTest();
  await redis.up();
  const env = { SHUNT_REDIS_URL: redis.url, SHUNT_HTTP_PORT: '0' };
  const apps = [
    start(['npm', 'run', 'dispatcher'], { env }),
    start(['npm', 'run', 'worker'], { env: { ...env, SHUNT_HANDLERS: './examples/handlers.mjs' } }),
  ];
  const example = start(['node', 'examples/plain-bullmq.mjs'], { env });
  expect(await example.ended()).toBe(0);
  const [, id = ''] = /^task (\S+) enqueued\n$/.exec(example.output) ?? [];
  const shunt = connect({ redis: redis.url, pool: 'agents' });
  onTestFinished(() => shunt.close());
  expect(await shunt.task(id).result({ timeout: '60s' })).toBe('hello Ada, for the 1. time, cold');
  for (const app of apps) app.interrupt();
  expect(await Promise.all(apps.map((app) => app.ended()))).toEqual([0, 0]);
});
