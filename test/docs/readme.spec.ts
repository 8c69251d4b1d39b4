import { expect, it } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';
import { textOf } from './pages.js';

const readme = textOf('README.md');
const start = commands();

it('shows the examples as they are in the repository', () => {
  const shown = [...readme.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  expect(shown.map(([, file]) => file)).toEqual([
    'examples/handlers.mjs',
    'examples/enqueue.mjs',
    'examples/plain-bullmq.mjs',
  ]);
  for (const [, file = '', code] of shown) expect(textOf(file).trimEnd()).toBe(code?.trimEnd());
});

it('names commands that do what it says', async () => {
  const [, block = ''] = /each in its own terminal:\n\n```sh\n([\s\S]*?)```/.exec(readme) ?? [];
  const redis = new RedisOfTest();
  await redis.up();
  const env = { SHUNT_REDIS_URL: redis.url, SHUNT_HTTP_PORT: '0' };
  const [dispatcher, worker, enqueue] = block
    .trim()
    .split('\n')
    .map((line) => start(['sh', '-c', line], { env }));
  if (!dispatcher || !worker || !enqueue) throw new Error(`three commands expected:\n${block}`);
  await dispatcher.said(/dispatcher started/);
  await worker.said(/worker started/);
  expect(await enqueue.ended()).toBe(0);
  expect(enqueue.output.trim().split('\n')).toEqual([
    'hello Ada, for the 1. time, cold',
    'hello Grace, for the 1. time, cold',
    'hello Ada, for the 2. time, warm',
  ]);
  for (const app of [dispatcher, worker]) app.interrupt();
  for (const app of [dispatcher, worker]) await app.ended();
});
