import { inspect } from 'node:util';
import { connect, createWorker } from '@shunt/sdk';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { RedisOfTest } from '../../support/e2e/redis-of-test.js';

const secret = 'hunter2';
const printed = (value: unknown) => inspect(value, { depth: null });

it('a client, its handles and a worker are printed without the password of Redis', async ({ onTestFinished }) => {
  const redis = new RedisOfTest();
  await redis.up();
  const admin = new Redis(redis.url);
  await admin.config('SET', 'requirepass', secret);
  admin.disconnect();
  const url = `redis://:${secret}@127.0.0.1:${redis.port}`;
  const client = connect({ redis: url });
  onTestFinished(() => client.close());
  const worker = createWorker({ redis: url, handlers: { echo: (input) => input } });
  onTestFinished(async () => void (await worker.close()));

  const task = await client.enqueue('echo', 1);
  await expect(task.result({ timeout: 1 })).rejects.toHaveProperty('code', 'DEADLINE_EXCEEDED');
  for await (const { type } of task.events()) if (type === 'added') break;

  for (const text of [printed(client), printed(task), JSON.stringify(client), JSON.stringify(task), printed(worker)])
    expect(text).not.toContain(secret);
});

it('a client over HTTP and its handles are printed without the API key', () => {
  const client = connect({ address: 'http://127.0.0.1:1', apiKey: secret });
  const task = client.task('a');
  for (const text of [printed(client), printed(task), JSON.stringify(client), JSON.stringify(task)])
    expect(text).not.toContain(secret);
  client.close();
});
