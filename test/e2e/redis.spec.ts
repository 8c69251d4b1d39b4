import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';

const start = commands();

async function freePort(): Promise<string> {
  const redis = new RedisOfTest();
  await redis.up();
  await redis.down();
  return String(redis.port);
}

it('npm run redis starts a durable one until Ctrl C', async () => {
  const port = await freePort();
  const command = start(['npm', 'run', 'redis', '--', '--port', port]);
  await command.said(new RegExp(`at redis://127\\.0\\.0\\.1:${port}, durable`));
  const redis = new Redis(Number(port), '127.0.0.1');
  expect(await redis.config('GET', 'maxmemory-policy')).toContain('noeviction');
  expect(await redis.info('memory')).toMatch(/^maxmemory:[1-9]/m);
  redis.disconnect();
  command.interrupt();
  expect(await command.ended()).toBe(0);
});

it('npm run redis says so when its Redis ends', async () => {
  const port = await freePort();
  const command = start(['npm', 'run', 'redis', '--', '--port', port]);
  await command.said(/at redis:/);
  const redis = new Redis(Number(port), '127.0.0.1');
  redis.on('error', () => undefined);
  const id = /^process_id:(\d+)/m.exec(await redis.info('server'))?.[1];
  redis.disconnect();
  process.kill(Number(id), 'SIGKILL');
  expect(await command.ended()).toBe(1);
  expect(command.output).toContain(`the Redis at 127.0.0.1:${port} ended by itself`);
});

it('npm run redis says so when its port is taken', async () => {
  const taken = new RedisOfTest();
  await taken.up();
  const command = start(['npm', 'run', 'redis', '--', '--port', String(taken.port)]);
  expect(await command.ended()).toBe(1);
  expect(command.output).toContain(String(taken.port));
  expect(command.output).not.toMatch(/^ +at /m);
});
