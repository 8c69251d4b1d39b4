import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { runShunt } from '../support/cli/run-shunt.js';
import { endpointOf, TypedPool } from '../support/e2e/apps.js';
import { commands } from '../support/e2e/commands.js';
import { RedisOfTest } from '../support/e2e/redis-of-test.js';

const start = commands();

/** Planted as the password of Redis, in an API key, in payloads and in a URL that a task is to call. */
const secret = 'hunter2';
const key = `${secret}-of-ada`;

/** A Redis that asks for the password; the URL that has it. */
async function guardedRedis(): Promise<string> {
  const redis = new RedisOfTest();
  await redis.up();
  const admin = new Redis(redis.url);
  await admin.config('SET', 'requirepass', secret);
  admin.disconnect();
  return `redis://:${secret}@127.0.0.1:${redis.port}`;
}

/** All that an endpoint answers: its headers too, and of the stream of the page what it begins with. */
async function answerOf(url: string, as: string): Promise<string> {
  const gone = new AbortController();
  const reply = await fetch(url, { headers: { authorization: `Bearer ${as}` }, signal: gone.signal });
  let text = JSON.stringify([...reply.headers]);
  const decoder = new TextDecoder();
  for await (const piece of (reply.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(piece, { stream: true });
    if (/^event: all\ndata: .*\n\n/m.test(text)) break;
  }
  gone.abort();
  return text;
}

it('a secret is in no log of a process, no answer of an endpoint and nothing a command prints', async () => {
  const pool = new TypedPool(start, await guardedRedis());
  const sha256 = createHash('sha256').update(key).digest('hex');
  const dispatcher = pool.dispatcher({ SHUNT_LOG_LEVEL: 'debug', SHUNT_API_KEYS: `ada:admin:${sha256}` });
  const worker = pool.worker({ SHUNT_LOG_LEVEL: 'debug', SHUNT_TARGET_HOSTS: '127.0.0.1' });
  const [ofDispatcher, ofWorker] = [await endpointOf(dispatcher), await endpointOf(worker)];

  const client = pool.test.client();
  const tasks = [
    await client.enqueue('sleep', { ms: 'long', password: secret }, { agentId: 'a' }),
    await client.enqueue('http', { url: `http://ada:${secret}@127.0.0.1/` }, { agentId: 'a' }),
  ];
  const told: string[] = [];
  for (const task of tasks) {
    expect(await task.ended({ wait: '60s' })).toMatchObject({ outcome: 'failed' });
    for (const verb of ['get', 'explain'])
      told.push((await runShunt(pool.test, 'tasks', verb, task.id, '-o', 'json')).output);
    for (const path of ['', '/result', '/explain', '/events'])
      told.push(await answerOf(`${ofDispatcher}/v1/tasks/${task.id}${path}`, key));
  }
  for (const words of ['tasks ls', 'agents ls', 'workers ls', 'pools get', 'events', 'config show', 'top', 'doctor'])
    told.push((await runShunt(pool.test, ...words.split(' '), '-o', 'json')).output);
  for (const path of ['/metrics', '/readyz', '/health', '/docs', '/openapi.json', '/', '/v1/live', '/v1/tasks'])
    told.push(await answerOf(`${ofDispatcher}${path}`, key));
  for (const path of ['/v1/journal', '/v1/audit', '/v1/workers', '/v1/stats', '/v1/alerts', '/v1/me'])
    told.push(await answerOf(`${ofDispatcher}${path}`, key));
  told.push(await answerOf(`${ofDispatcher}/v1/me`, `${secret}-of-nobody`));
  for (const path of ['/metrics', '/readyz', '/health', '/version'])
    told.push(await answerOf(`${ofWorker}${path}`, key));

  // It was there to be told: bull-board shows payloads to whoever has a key.
  const [{ id = '' } = {}] = tasks;
  const job = `/queues/api/queues/${encodeURIComponent(pool.test.queueName)}/${encodeURIComponent(id)}`;
  expect(await answerOf(`${ofDispatcher}${job}`, key)).toContain(secret);

  for (const app of [dispatcher, worker]) app.interrupt();
  expect(await Promise.all([dispatcher.ended(), worker.ended()])).toEqual([0, 0]);
  expect(worker.output).toContain(id);
  told.push(dispatcher.output, worker.output);
  expect(told.filter((text) => text.includes(secret))).toEqual([]);
});
