import { inspect } from 'node:util';
import { connect, type Shunt, type TaskHandle } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { FaultProxy } from '../../support/fault-proxy.js';
import { until } from '../../support/pool-test.js';
import { startTestRedis, type TestRedis } from '../../support/redis.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

const calls: readonly (readonly [string, (client: Shunt, task: TaskHandle) => unknown])[] = [
  ['enqueue', (client) => client.enqueue('turn', 1)],
  ['status', (_, task) => task.status()],
  ['cancel', (_, task) => task.cancel()],
  ['result', (_, task) => task.result({ timeout: 100 })],
];

describe('with no Redis at all', () => {
  let client: Shunt;
  beforeEach(async () => {
    client = connect({ redis: 'redis://user:hunter2@127.0.0.1:1', pool: 'p', timeout: 100 });
    // A busy machine may need longer than that to be refused for the first time.
    await until(async () => (await refusalOf(() => client.task('a~x').status())).message.includes('ECONNREFUSED'));
  });
  afterEach(() => client.close());

  it.each(calls)('%s is STORE_UNAVAILABLE, saying where and why', async (_, call) => {
    const error = await refusalOf(() => call(client, client.task('a~x')));
    expect([error.code, error.retryable]).toEqual(['STORE_UNAVAILABLE', true]);
    expect(error.message).toBe(
      'Redis at 127.0.0.1:1 does not answer: nothing listens there (connect ECONNREFUSED 127.0.0.1:1). ' +
        'Start one with `npm run redis`, or set SHUNT_REDIS_URL to where it is',
    );
  });

  it('enqueueMany has STORE_UNAVAILABLE as the result of each item', async () => {
    const items = [
      { task: 'turn', input: 1 },
      { task: '', input: 1 },
      { task: 'turn', input: 2 },
    ];
    const results = await client.enqueueMany(items);
    expect(results.map((result) => !result.ok && result.error.code)).toEqual([
      'STORE_UNAVAILABLE',
      'INVALID_TASK',
      'STORE_UNAVAILABLE',
    ]);
  });

  it('many calls that wait for it are no leak', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    onTestFinished(() => void process.off('warning', note));
    await Promise.all(Array.from({ length: 20 }, () => refusalOf(() => client.task('a~x').status())));
    expect(warnings).toEqual([]);
  });

  it('every call of many is answered by its own deadline', async () => {
    const errors: unknown[] = [];
    const first = refusalOf(() => client.enqueue('turn', 1));
    await new Promise((resolve) => setImmediate(resolve));
    const rest = Array.from({ length: 600 }, (_, n) => client.enqueue('turn', n).catch((error) => errors.push(error)));
    await Promise.all([first, ...rest]);
    expect(errors).toHaveLength(600);
  });
});

describe('with a Redis that', () => {
  let server: TestRedis;
  let pool: SdkPool;
  let client: Shunt;
  beforeEach(async () => {
    server = await startTestRedis();
    pool = new SdkPool(server.url);
    client = pool.client({ timeout: '1s' });
    await client.enqueue('warm-up', 0);
  });
  afterEach(async () => {
    server.kill('SIGCONT');
    await pool.close();
    await server.stop();
  });

  it.each(calls)('hangs, %s is DEADLINE_EXCEEDED', async (_, call) => {
    server.kill('SIGSTOP');
    const error = await refusalOf(() => call(client, client.task('a~x')));
    expect([error.code, error.retryable]).toEqual(['DEADLINE_EXCEEDED', true]);
  });

  it('hangs and goes on has a repeated task once', async () => {
    server.kill('SIGSTOP');
    const options = { agentId: 'a', id: 'x' };
    const error = await refusalOf(() => client.enqueue('turn', 1, options));
    expect(error.message).toContain('safe to repeat with the same id');
    expect(error.details).toEqual({ task: 'a~x' });
    server.kill('SIGCONT');
    const again = await pool.client().enqueue('turn', 1, options);
    expect(again.id).toBe('a~x');
    expect(await pool.redis.get(pool.keys.of('seq'))).toBe('2');
    expect(await pool.redis.exists(pool.keys.of('mailbox:a'))).toBe(0);
  });

  it('hangs while a result is waited for still delivers it', async () => {
    pool.dispatcher();
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    const waiting = task.result({ timeout: '30s' });
    server.kill('SIGSTOP');
    await refusalOf(() => task.status());
    server.kill('SIGCONT');
    pool.serve({ turn: () => 'done', 'warm-up': () => 1 });
    expect(await waiting).toBe('done');
  });

  it('is out of memory is STORE_UNAVAILABLE and takes tasks again once it has room', async () => {
    await pool.redis.config('SET', 'maxmemory', '1');
    const error = await refusalOf(() => client.enqueue('turn', { secret: 'hunter2' }));
    expect([error.code, error.message]).toEqual(['STORE_UNAVAILABLE', 'Redis is out of memory (maxmemory reached)']);
    expect(inspect(error, { depth: null })).not.toContain('hunter2');
    await pool.redis.config('SET', 'maxmemory', '0');
    expect((await client.enqueue('turn', 1)).deduplicated).toBe(false);
  });

  it('loses an answer and then takes no writes leaves the outcome unknown: the task may be there', async () => {
    const proxy = await FaultProxy.open(server.url);
    const cut = pool.client({ redis: proxy.url, timeout: '20s' });
    const options = { agentId: 'a', id: 'x' };
    try {
      await cut.enqueue('warm-up', 0);
      proxy.become({ replies: { isHeld: true } });
      const refused = refusalOf(() => cut.enqueue('turn', 1, options));
      await until(async () => (await pool.redis.exists(pool.keys.of('a~x'))) === 1);
      await pool.redis.config('SET', 'min-replicas-to-write', '1');
      proxy.reset();
      proxy.become({});
      const error = await refused;
      expect([error.code, error.retryable]).toEqual(['DEADLINE_EXCEEDED', true]);
      expect(error.message).toMatch(/NOREPLICAS.*safe to repeat with the same id/);
      expect(await refusalOf(() => cut.enqueue('turn', 1, options))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await pool.redis.config('SET', 'min-replicas-to-write', '0');
      expect((await cut.enqueue('turn', 1, options)).deduplicated).toBe(true);
    } finally {
      cut.close();
      await proxy.close();
    }
  });

  it('wants another password is STORE_UNAVAILABLE, and the error holds no password', async () => {
    await pool.redis.config('SET', 'requirepass', 'swordfish');
    const stranger = connect({ redis: server.url.replace('//', '//default:hunter2@'), pool: 'p', timeout: '3s' });
    const error = await refusalOf(() => stranger.enqueue('turn', 1));
    stranger.close();
    expect(error.code).toBe('STORE_UNAVAILABLE');
    expect(error.message).toContain('WRONGPASS');
    expect(inspect(error, { depth: null })).not.toContain('hunter2');
    await pool.redis.config('SET', 'requirepass', '');
  });

  it('drops the connection is asked again', async () => {
    const drop = () => pool.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const patient = pool.client({ timeout: '10s' });
    for (let n = 0; n < 20; n++) {
      const [task] = await Promise.all([patient.enqueue('turn', n, { agentId: 'a', id: `${n}` }), drop()]);
      expect(task.id).toBe(`a~${n}`);
    }
    expect(await pool.redis.get(pool.keys.of('seq'))).toBe('21');
  });
});

describe('a Redis that is restarted', () => {
  it('is used again, by waits for results as well', async () => {
    const first = await startTestRedis({ durable: true });
    const pool = new SdkPool(first.url);
    const client = pool.client({ timeout: '20s' });
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    const refused = refusalOf(() => task.result({ timeout: '40s' }));
    await first.stop();
    const during = client.enqueue('turn', 2, { agentId: 'a' });
    const second = await startTestRedis({ durable: true, port: first.port });
    expect((await during).deduplicated).toBe(false);
    pool.dispatcher();
    pool.serve({ turn: (n: number) => n });
    expect(await (await during).result({ timeout: '40s' })).toBe(2);
    expect((await refused).code).toBe('NOT_FOUND');
    await pool.close();
    await second.stop();
  });
});
