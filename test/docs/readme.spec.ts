import { expect, it } from 'vitest';
import { endpointOf } from '../support/e2e/apps.js';
import { commands } from '../support/e2e/commands.js';
import { startTestRedis } from '../support/redis.js';
import { textOf } from './pages.js';

const start = commands();
const readme = textOf('README.md');

/** The commands of the README's fenced block that holds a line. */
function commandsWith(line: string): string[] {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) => block.trim().split('\n'));
  return blocks.find((block) => block.includes(line)) ?? [];
}

it('shows the examples as they are in the repository', () => {
  const shown = [...readme.matchAll(/```js\n\/\/ (\S+)\n([\s\S]*?)```/g)];
  expect(shown.map(([, file]) => file)).toEqual([
    'examples/handlers.mjs',
    'examples/enqueue.mjs',
    'examples/plain-bullmq.mjs',
  ]);
  for (const [, file = '', code] of shown) expect(textOf(file).trimEnd()).toBe(code?.trimEnd());
});

it('has a dispatcher, a worker and a producer that work together when typed as they stand', async () => {
  const redis = await startTestRedis();
  const typed = commandsWith('node examples/enqueue.mjs');
  expect(typed).toHaveLength(3);
  const run = (line: string) =>
    start(['sh', '-c', line], { env: { SHUNT_REDIS_URL: redis.url, SHUNT_HTTP_PORT: '0' } });
  const [dispatcher, worker] = typed.slice(0, 2).map(run) as [ReturnType<typeof run>, ReturnType<typeof run>];
  await Promise.all([endpointOf(dispatcher), endpointOf(worker)]);
  const producer = run(typed[2] ?? '');
  expect(await producer.ended()).toBe(0);
  expect(producer.output.trim().split('\n')).toEqual([
    'hello Ada, for the 1. time, cold',
    'hello Grace, for the 1. time, cold',
    'hello Ada, for the 2. time, warm',
  ]);
  const plain = run('node examples/plain-bullmq.mjs');
  expect(await plain.ended()).toBe(0);
  expect(plain.output).toMatch(/task \d+ enqueued/);
  for (const app of [worker, dispatcher]) app.signal('SIGTERM');
  expect(await Promise.all([worker.ended(), dispatcher.ended()])).toEqual([0, 0]);
  await redis.stop();
});
