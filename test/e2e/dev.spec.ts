import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { echoMs } from '@shunt/runtime';
import { describe, expect } from 'vitest';
import { commands } from '../support/e2e/commands.js';
import { it, until } from '../support/pool-test.js';

const start = commands();
const shunt = ['npm', 'run', '-s', 'shunt', '--'];

describe('shunt dev', () => {
  it("runs handlers of one's own until Ctrl C, on as many workers as are wished for", async () => {
    const env = { SHUNT_HANDLERS: './examples/handlers.mjs', SHUNT_POOL: 'of-dev' };
    const dev = start([...shunt, 'dev', '--workers', '1', '--port', '0'], { env });
    await dev.said(/Ctrl C ends it/);
    expect(dev.output).toMatch(/page and API at http:\/\/127\.0\.0\.1:\d+\//);
    const [, url = ''] = /SHUNT_REDIS_URL=(\S+)/.exec(dev.output) ?? [];
    const on = { env: { SHUNT_REDIS_URL: url, SHUNT_POOL: 'of-dev' } };
    const say = async (...words: string[]) => {
      const command = start([...shunt, ...words], on);
      expect(await command.ended()).toBe(0);
      return command.output;
    };
    expect(await say('enqueue', 'greet', '--agent', 'Ada', '-i', '{"name":"Ada"}', '--wait')).toContain('hello Ada');
    await say('pools', 'scale', '--to', '2');
    await expect.poll(() => say('workers', 'ls'), { timeout: 60_000 }).toMatch(/w1[\s\S]*w2/);
    await say('pools', 'scale', '--to', 'auto');
    dev.interrupt();
    expect(await dev.ended()).toBe(0);
  });

  it('ends at once with all it started when Ctrl C comes again, though a task keeps a worker from stopping', async ({
    pool,
  }) => {
    const on = { SHUNT_REDIS_URL: pool.url, SHUNT_POOL: pool.pool };
    const env = { ...on, SHUNT_SHUTDOWN_GRACE: '10m', SHUNT_LOG_LEVEL: 'info' };
    const dev = start([...shunt, 'dev', '--workers', '1', '--port', '0'], { env });
    await dev.said(/Ctrl C ends it/);
    const task = await pool.client().enqueue('sleep', { ms: 600_000 });
    await until(async () => (await task.status()).state === 'running');
    dev.interrupt();
    await dev.said(/worker stopping/);
    const saidAt = performance.now();
    await until(() => performance.now() - saidAt > echoMs);
    dev.interrupt();
    expect(await dev.ended()).toBe(2);
  });

  it('tells what a worker says that cannot start, and ends', async () => {
    const env = { SHUNT_HANDLERS: './examples/none.mjs' };
    const dev = start([...shunt, 'dev', '--workers', '1', '--port', '0'], { env });
    expect(await dev.ended()).toBe(1);
    expect(dev.output).toMatch(/the worker did not start \(78\):[\s\S]*none\.mjs/);
    expect(dev.output).not.toMatch(/^ +at /m);
  });

  it('says that its port is taken, and takes another', async ({ pool }) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const env = { SHUNT_REDIS_URL: pool.url, SHUNT_POOL: pool.pool };
    const dev = start([...shunt, 'dev', '--workers', '1', '--port', String(port)], { env });
    await dev.said(/Ctrl C ends it/);
    dev.interrupt();
    expect(await dev.ended()).toBe(0);
    other.close();
    expect(dev.output).toContain(`port ${port} is taken by another program: the page is on a free one`);
    expect(dev.output).not.toContain('EADDRINUSE');
  });

  it('refuses what is for the demo', async () => {
    const dev = start([...shunt, 'dev', '--rounds', '2']);
    expect(await dev.ended()).toBe(78);
    expect(dev.output).toContain("option '--rounds' goes with --demo");
  });
});
