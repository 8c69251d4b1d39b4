import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestPool } from '../support/pool.js';
import { Container } from './container.js';

describe('the containers, run by hand', () => {
  let pool: TestPool;
  let dispatcher: Container;
  let worker: Container;

  beforeAll(() => {
    pool = new TestPool();
    // A loopback address: outside of a container, all addresses are those of the machine.
    const changed = {
      SHUNT_REDIS_URL: pool.url,
      SHUNT_POOL: pool.pool,
      SHUNT_HTTP_HOST: '127.0.0.1',
      SHUNT_HTTP_PORT: '0',
    };
    dispatcher = new Container('dispatcher-1', changed);
    worker = new Container('worker', changed);
  });

  afterAll(async () => {
    await Promise.all([dispatcher.stop(), worker.stop()]);
    await pool.close();
  });

  it('are unhealthy before they run', async () => {
    expect(await dispatcher.isHealthy()).toBe(false);
  });

  it('become healthy by the health check of the compose file', async () => {
    await Promise.all([dispatcher.start(), worker.start()]);

    await vi.waitUntil(() => dispatcher.isHealthy(), { timeout: 60_000 });
    await vi.waitUntil(() => worker.isHealthy(), { timeout: 60_000 });
  });

  it('run a task together', async () => {
    const task = await pool.client().enqueue('echo', { text: 'hello' }, { agentId: 'a' });

    expect(await task.result()).toEqual({ text: 'hello' });
  });

  it('end with 0 when the engine stops them', async () => {
    expect(await worker.stop()).toBe(0);
    expect(await dispatcher.stop()).toBe(0);
  });
});
