import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { connect } from '@shunt/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../support/pool-test.js';
import { startTestRedis } from '../../support/redis.js';
import { refusalOf } from '../../support/refusal.js';
import { SdkPool } from './sdk-pool.js';

let pool: SdkPool;
beforeEach(() => {
  pool = new SdkPool();
});
afterEach(() => pool.close());

describe('close', () => {
  it('ends a wait for a result at once', async () => {
    const client = pool.client();
    const task = await client.enqueue('turn', 1, { agentId: 'a' });
    const waiting = refusalOf(() => task.result({ timeout: '10m' }));
    // It reads the task once it follows the stream, and waits then.
    await until(async () => /cmd=xread/.test(String(await pool.redis.client('LIST'))));
    await task.status();
    client.close();
    const error = await waiting;
    expect([error.code, error.message]).toEqual([
      'STORE_UNAVAILABLE',
      // The latter when it had not begun to listen yet.
      expect.stringMatching(/^The client (was closed meanwhile; safe to repeat with the same id|is closed)$/),
    ]);
  });

  it('ends calls that wait for a Redis that is not there', async () => {
    const client = connect({ redis: 'redis://127.0.0.1:1', timeout: '10m' });
    const task = client.task('a~x');
    const calls = [
      () => client.enqueue('turn', 1),
      () => task.status(),
      () => task.cancel(),
      () => task.result({ timeout: '10m' }),
    ];
    const errors = calls.map(refusalOf);
    const many = client.enqueueMany([{ task: 'turn', input: 1 }]);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    client.close();
    for (const error of await Promise.all(errors)) expect(error.code).toBe('STORE_UNAVAILABLE');
    expect((await many)[0]).toMatchObject({ ok: false, error: { code: 'STORE_UNAVAILABLE' } });
  });

  it('ends calls that wait for the answer of a Redis that hangs, and those behind them', async () => {
    const server = await startTestRedis();
    const client = connect({ redis: server.url, timeout: '10m' });
    const task = await client.enqueue('turn', 1);
    server.kill('SIGSTOP');
    const sent = [refusalOf(() => client.enqueue('turn', 1)), refusalOf(() => task.status())];
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    const behind = Array.from({ length: 600 }, (_, n) => refusalOf(() => client.enqueue('turn', n)));
    client.close();
    for (const error of await Promise.all([...sent, ...behind])) expect(error.code).toBe('STORE_UNAVAILABLE');
    server.kill('SIGCONT');
    await server.stop();
  });

  it('may be called again, and calls after it are refused', async () => {
    const client = pool.client();
    const task = await client.enqueue('turn', 1);
    client.close();
    client.close();
    const calls = [() => client.enqueue('turn', 1), () => task.status(), () => task.result(), () => task.cancel()];
    for (const call of calls) {
      const error = await refusalOf(call);
      expect([error.code, error.message]).toEqual(['STORE_UNAVAILABLE', 'The client is closed']);
    }
  });

  it('of a client that never called anything ends its connection', () => {
    connect({ redis: pool.url }).close();
    connect({ redis: 'redis://127.0.0.1:1' }).close();
  });
});

it('a process that connects, waits for results, and closes ends by itself', async () => {
  pool.dispatcher();
  pool.serve({ turn: (n: number) => n + 1 });
  const program = fileURLToPath(new URL('../../../dist/test/support/short-life.js', import.meta.url));
  const child = spawn(process.execPath, [program, pool.url, pool.pool], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output: string[] = [];
  child.stdout.on('data', (chunk) => output.push(String(chunk)));
  child.stderr.on('data', (chunk) => output.push(String(chunk)));
  const [code] = await once(child, 'close');
  expect([code, output.join('')]).toEqual([0, '2 gone\n']);
});
